using Isolation.Fs.Layers;

namespace Isolation.Fs.Tests.Layers;

/// <summary>Files with holes, as GNU tar writes them in its four formats: they come back as they were, with their holes.</summary>
[NativeOnly]
public sealed class SparseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("isolation-sparse-").FullName;

    public void Dispose() => Command.Run("rm", "-rf", "--one-file-system", _folder).EnsureSuccess();

    [LinuxTheory]
    [InlineData("--format=gnu")]
    [InlineData("--format=pax --sparse-version=0.0")]
    [InlineData("--format=pax --sparse-version=0.1")]
    [InlineData("--format=pax --sparse-version=1.0")]
    public void What_GNU_tar_writes_comes_back_with_its_holes(string format)
    {
        // Of 60 parts, some are in blocks of their own in the old format, and the map of 1.0 takes more than a block.
        Command.Run("sh", "-ec", """
            mkdir "$0"; cd "$0"
            part() { printf "part $3" | dd of=$1 bs=1 seek=$2 conv=notrunc status=none; }
            truncate -s 10M hole; printf text > none; : > empty
            part begin 0 x; truncate -s 3M begin
            part end 5000000 x
            part middle 1000000 x; truncate -s 2M middle
            i=0; while [ $i -lt 60 ]; do part many $((i * 131072)) $i; i=$((i + 1)); done
            n=$(printf 'l%.0s' $(seq 150)); mkdir $n; part $n/$n 1000000 long
            find . -exec touch -h -d '2001-02-03 04:05:06' {} +
            """, At("tree")).EnsureSuccess();
        Command.Run("sh", "-ec", $"tar --sparse {format} -cf \"$0\"/layer.tar -C \"$0\"/tree .", _folder).EnsureSuccess();
        Assert.True(new FileInfo(At("layer.tar")).Length < 2 << 20, "GNU tar wrote the holes");
        LayerResult result = Layer.Unpack(At("back"), [() => File.OpenRead(At("layer.tar"))]);
        Assert.Equal(TreePrint.Content(At("tree")), TreePrint.Content(At("back")));
        Assert.Equal(Directory.EnumerateFiles(At("tree"), "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length), result.Bytes);
        Assert.Equal(Blocks("tree"), Blocks("back"));
    }

    private long Blocks(string tree)
        => Command.Run("find", At(tree), "-type", "f", "-printf", "%b\n").EnsureSuccess().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(l => long.Parse(l, System.Globalization.CultureInfo.InvariantCulture));

    private string At(string path) => Path.Combine(_folder, path);
}
