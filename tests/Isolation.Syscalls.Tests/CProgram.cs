using System.Text;

namespace Isolation.Syscalls.Tests;

/// <summary>Asks the C headers: compiles a program that prints the values of expressions.</summary>
internal static class CProgram
{
    private const string Missing = "missing";

    /// <summary>The values of the expressions, all of which the compiler must know.</summary>
    public static IReadOnlyDictionary<string, long> Values(string headers, IEnumerable<string> expressions)
        => Run(headers, expressions.Distinct(StringComparer.Ordinal).Select(e => $"    printf(\"%s=%lld\\n\", \"{e}\", (long long)({e}));")).ToDictionary(p => p.Key, p => p.Value!.Value);

    /// <summary>The values of macros; null for those that these headers do not have yet.</summary>
    public static IReadOnlyDictionary<string, long?> Macros(string headers, IEnumerable<string> names)
        => Run(headers, names.Distinct(StringComparer.Ordinal).Select(n => $"#ifdef {n}\n    printf(\"{n}=%lld\\n\", (long long)({n}));\n#else\n    printf(\"{n}={Missing}\\n\");\n#endif"));

    /// <summary>Compares, and tells all differences at once.</summary>
    public static void AssertSame(IEnumerable<(string Name, long Ours)> ours, IReadOnlyDictionary<string, long> theirs)
        => AssertNone(ours.Where(o => theirs[o.Name] != o.Ours).Select(o => $"{o.Name} is {theirs[o.Name]} in C and {o.Ours} here"));

    /// <summary>Fails with all of the lines, if there are any.</summary>
    public static void AssertNone(IEnumerable<string> wrong)
    {
        string text = string.Join('\n', wrong);
        if (text.Length > 0)
            Assert.Fail(text);
    }

    private static Dictionary<string, long?> Run(string headers, IEnumerable<string> lines)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("isolation-c-");
        try
        {
            string source = Path.Combine(folder.FullName, "ask.c"), program = Path.Combine(folder.FullName, "ask");
            File.WriteAllText(source, new StringBuilder(headers).Append("\nextern int printf(const char *, ...);\nint main(void)\n{\n").AppendJoin('\n', lines).Append("\n    return 0;\n}\n").ToString());
            Command.Run("gcc", "-w", "-D_GNU_SOURCE", "-o", program, source).EnsureSuccess();
            return Command.Run(program).EnsureSuccess().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => (Name: l[..l.LastIndexOf('=')], Value: l[(l.LastIndexOf('=') + 1)..]))
                .ToDictionary(l => l.Name, l => l.Value == Missing ? (long?)null : long.Parse(l.Value, System.Globalization.CultureInfo.InvariantCulture));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

/// <summary>The named constants of a listing, such as <c>O_WRONLY|O_CLOEXEC</c>: the name must be what the kernel gets.</summary>
internal static class Listing
{
    public static void AssertNamesAreTrue(string headers, SyscallProgram program)
    {
        (string Name, long Value)[] constants =
        [
            .. program.Steps.SelectMany(s => s.Arguments)
                .Where(a => a.Kind == ArgumentKind.Constant && a.Text is { } text && (text[0] == '0' || char.IsAsciiLetterUpper(text[0])) && text != "NULL")
                .Select(a => (a.Text, a.Value))
                .Distinct(),
        ];
        Assert.NotEmpty(constants);
        CProgram.AssertSame(constants, CProgram.Values(headers, constants.Select(c => c.Name)));
    }
}
