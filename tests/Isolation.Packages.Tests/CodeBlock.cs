namespace Isolation.Packages.Tests;

/// <summary>A piece of C# in a page of documentation.</summary>
/// <param name="Page">The page, relative to the repository.</param>
/// <param name="Line">The line of the page that the code begins at, from 1 on.</param>
/// <param name="Code">Its lines.</param>
internal sealed record CodeBlock(string Page, int Line, IReadOnlyList<string> Code)
{
    private const string Fence = "```";

    /// <summary>The C# blocks of a page in Markdown.</summary>
    public static IEnumerable<CodeBlock> Read(string page, IReadOnlyList<string> lines)
    {
        for (int i = 0; i < lines.Count; i++)
        {
            if (!lines[i].StartsWith(Fence, StringComparison.Ordinal))
                continue;
            string language = lines[i][Fence.Length..].Trim();
            int end = i + 1;
            while (end < lines.Count && lines[end] != Fence)
                end++;
            if (end == lines.Count)
                throw new FormatException($"{page}:{i + 1}: the code block has no end.");
            if (language == "csharp")
                yield return new CodeBlock(page, i + 2, [.. lines.Skip(i + 1).Take(end - i - 1)]);
            i = end;
        }
    }

    /// <summary>A source file with the block as the body of a method. The compiler's messages name the page and its lines.</summary>
    public string ToSource(int number)
    {
        var usings = Code.TakeWhile(l => l.Length == 0 || l.StartsWith("using ", StringComparison.Ordinal) && !l.Contains('=', StringComparison.Ordinal)).ToList();
        return $$"""
            {{string.Join('\n', usings)}}
            static class Block{{number}}
            {
                public static async Task Run(string[] args, CancellationToken cancellationToken)
                {
                    await Task.CompletedTask;
            #line {{Line + usings.Count}} "{{Page}}"
            {{string.Join('\n', Code.Skip(usings.Count))}}
            #line default
                }
            }
            """;
    }
}
