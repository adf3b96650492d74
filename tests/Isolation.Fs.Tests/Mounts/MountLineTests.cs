using System.Collections.Immutable;
using System.Text;
using FsCheck.Xunit;

namespace Isolation.Fs.Tests;

/// <summary>mountinfo as bytes: nothing is copied, nothing is lost.</summary>
[NativeOnly]
public sealed class MountLineTests
{
    [LinuxFact]
    public void All_fields_are_read()
    {
        MountLineEnumerator lines = MountTable.Enumerate("36 35 98:7 /a\\040b /mnt\\134x rw,noatime,nodev shared:3 new:9 master:4 propagate_from:5 unbindable - ext3 /dev/root rw,errors=continue\n"u8);
        Assert.True(lines.MoveNext());
        MountLine line = lines.Current;
        Assert.Equal((36, 35, 98u, 7u), (line.Id, line.ParentId, line.DeviceMajor, line.DeviceMinor));
        Assert.Equal((3, 4, 5, true), (line.PeerGroup, line.MasterGroup, line.PropagatesFrom, line.IsUnbindable));
        Assert.Equal("/a\\040b /mnt\\134x rw,noatime,nodev ext3 /dev/root rw,errors=continue", string.Join(' ', new[] { Text(line.EscapedRoot), Text(line.EscapedMountPoint), Text(line.Options), Text(line.EscapedFileSystem), Text(line.EscapedSource), Text(line.SuperOptions) }));
        Assert.True(line.IsAt("/mnt\\x"u8));
        Assert.False(line.IsAt("/mnt\\xy"u8));
        Assert.False(line.IsAt("/mnt\\"u8));
        Assert.True(line.HasOption("nodev"u8));
        Assert.False(line.HasOption("node"u8));
        MountTableEntry entry = line.ToEntry();
        Assert.Equal(("/a b", "/mnt\\x", MountAttributes.NoDev, AccessTimes.Never, MountPropagation.Slave), (entry.Root, entry.MountPoint, entry.Attributes, entry.AccessTimes, entry.Propagation));
        Assert.False(lines.MoveNext());

        static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
    }

    [LinuxFact]
    public void A_byte_that_is_no_text_is_kept()
    {
        MountLineEnumerator lines = MountTable.Enumerate([.. "1 2 0:1 / /"u8, 0xff, .. "\\040 rw - tmpfs a rw"u8]);
        Assert.True(lines.MoveNext());
        MountTableEntry entry = lines.Current.ToEntry();
        Assert.Equal("/\udcff ", entry.MountPoint);
        Assert.Equal([(byte)'/', 0xff, (byte)' ', 0], PathText.Encode(entry.MountPoint));
    }

    [LinuxFact]
    public void A_line_that_is_none_stops_the_enumeration_with_its_text()
    {
        FormatException e = Assert.Throws<FormatException>(() =>
        {
            foreach (MountLine line in MountTable.Enumerate("1 2 0:1 / / rw - tmpfs a rw\nnonsense\n"u8))
                Assert.Equal(1, line.Id);
        });
        Assert.Contains("nonsense", e.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Ten_thousand_lines_allocate_nothing()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, 10_000).Select(i => $"{i} 1 0:{i} / /mnt/folder\\040{i} rw,nosuid,relatime shared:{i} master:7 - tmpfs none rw,size={i}k,mode=755\n")));
        Assert.Equal((10_000, 10_000, 1), Count());
        long before = GC.GetAllocatedBytesForCurrentThread();
        (int, int, int) counts = Count();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((10_000, 10_000, 1), counts);

        (int Lines, int NoSuid, int At) Count()
        {
            (int lines, int noSuid, int at) = (0, 0, 0);
            foreach (MountLine line in MountTable.Enumerate(text))
            {
                lines++;
                noSuid += line.HasOption("nosuid"u8) ? 1 : 0;
                at += line.IsAt("/mnt/folder 777"u8) && line.PeerGroup == 777 ? 1 : 0;
            }

            return (lines, noSuid, at);
        }
    }

    [LinuxFact(Needs.Root)]
    public void A_large_table_is_read_whole() => PrivateMounts.Run(ReadLarge);

    private static void ReadLarge()
    {
        const int Count = 2500;
        string folder = PrivateMounts.Enter();
        for (int i = 0; i < Count; i++)
        {
            string place = PrivateMounts.Make($"{new string('n', 200)}{i}");
            BindMount.Mount(place, place);
        }

        using PooledMountTable table = MountTable.ReadPooled();
        Assert.True(table.Text.Length > 1 << 20, $"{table.Text.Length} bytes");
        var seen = new HashSet<int>();
        foreach (MountLine line in table)
            Assert.True(seen.Add(line.Id));
        Assert.Equal(Count, MountTable.Read().Count(m => m.MountPoint.StartsWith(folder + "/n", StringComparison.Ordinal)));
        Assert.Equal(Command.Run("cat", "/proc/thread-self/mountinfo").EnsureSuccess().Output, Encoding.UTF8.GetString(table.Text));
        Assert.Equal(seen.Count, MountTable.Read(Environment.ProcessId).Length);
        table.Dispose();
        Assert.Throws<ObjectDisposedException>(() => table.GetEnumerator());
    }

    [LinuxFact(Needs.Root)]
    public void What_stays_is_in_a_table_that_never_stops_changing_once() => PrivateMounts.Run(ReadHurried);

    private static void ReadHurried()
    {
        const int Count = 300;
        string folder = PrivateMounts.Enter(), place = PrivateMounts.Make("place");
        for (int i = 0; i < Count; i++)
            FileSystemMount.Mount(new TmpfsOptions { Source = $"stays{i}" }, PrivateMounts.Make($"stays{i}"));
        HashSet<int> staying = [.. MountTable.Read().Select(m => m.Id)];
        bool isOver = false;
        int mounts = 0, changes = 0;
        Thread[] threads =
        [
            new(() =>
            {
                for (; !Volatile.Read(ref isOver); mounts++)
                {
                    FileSystemMount.Mount(new TmpfsOptions(), place);
                    AttachedMount.Unmount(place);
                }
            }),

            // An unmount takes its time. This does not, so that each attempt to read is disturbed.
            new(() =>
            {
                for (; !Volatile.Read(ref isOver); changes++)
                    AttachedMount.Change(folder + "/stays0", changes % 2 == 0 ? new MountChange { Set = MountAttributes.NoDev } : new MountChange { Clear = MountAttributes.NoDev });
            }),
        ];
        Array.ForEach(threads, t => t.Start());
        for (int i = 0; i < 30 || Volatile.Read(ref mounts) < 30; i++)
        {
            ImmutableArray<MountTableEntry> table = MountTable.Read();
            Assert.Equal(table.Length, table.Select(m => m.Id).Distinct().Count());
            Assert.Equal(staying.Count, table.Count(m => staying.Contains(m.Id)));
            Assert.Equal(Count, table.Count(m => m.Source.StartsWith("stays", StringComparison.Ordinal)));
        }

        Volatile.Write(ref isOver, true);
        Array.ForEach(threads, t => t.Join());
        Assert.True(changes > 1000, $"{changes} changes");
    }

    [LinuxFact]
    public void Of_two_mounts_with_one_id_the_later_one_is_there()
    {
        // What a table has that was read in pieces, where the first one went and the second one got its id.
        ReadOnlySpan<byte> text = "1 0 0:1 / / rw - tmpfs root rw\n2 1 0:2 / /a rw - tmpfs went rw\n3 1 0:3 / /b rw - tmpfs stays rw\n2 1 0:4 / /c rw - tmpfs came rw\n"u8;
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(text.Length);
        text.CopyTo(buffer);
        using var table = new PooledMountTable(buffer, text.Length);
        Assert.Equal(["root", "came", "stays"], MountTable.ToEntries(table).Select(m => m.Source));
    }

    [LinuxFact(Needs.Root)]
    public void A_thread_in_another_namespace_reads_its_own_table() => PrivateMounts.Run(ReadInThread);

    private static void ReadInThread()
    {
        bool here = false;
        var thread = new Thread(() =>
        {
            PrivateMounts.Enter();
            here = MountTable.Read().Any(m => m.Source == "work");
        });
        thread.Start();
        thread.Join();
        Assert.True(here);
        Assert.DoesNotContain(MountTable.Read(), m => m.Source == "work");
    }

    [LinuxFact]
    public void The_table_of_a_process_that_is_not_there_is_an_error()
        => Assert.Equal(Syscalls.Errno.ENOENT, Assert.Throws<Syscalls.LinuxException>(() => MountTable.Read(int.MaxValue)).Errno);

    [Property(MaxTest = 500)]
    public void What_is_written_as_the_kernel_does_is_read_the_same(int id, int parent, byte[] point, byte peers, byte master, bool unbindable)
    {
        byte[] path = [(byte)'/', .. point.Where(b => b != 0)];
        byte[] line =
        [
            .. Encoding.ASCII.GetBytes($"{id & int.MaxValue} {parent & int.MaxValue} 8:{peers} / "),
            .. path.SelectMany(b => b is 32 or 9 or 10 or 92 or 35 ? Encoding.ASCII.GetBytes("\\" + Convert.ToString(b, 8).PadLeft(3, '0')) : [b]),
            .. Encoding.ASCII.GetBytes($" rw{(peers > 0 ? $" shared:{peers}" : "")}{(master > 0 ? $" master:{master}" : "")}{(unbindable ? " unbindable" : "")} - tmpfs none rw\n"),
        ];
        MountLineEnumerator lines = MountTable.Enumerate(line);
        Assert.True(lines.MoveNext());
        Assert.True(lines.Current.IsAt(path));
        MountTableEntry entry = lines.Current.ToEntry();
        Assert.Equal([.. path, 0], PathText.Encode(entry.MountPoint));
        Assert.Equal((id & int.MaxValue, parent & int.MaxValue, (uint)peers), (entry.Id, entry.ParentId, entry.DeviceMinor));
        Assert.Equal((peers > 0 ? (int?)peers : null, master > 0 ? (int?)master : null, unbindable), (entry.PeerGroup, entry.MasterGroup, entry.IsUnbindable));
        Assert.False(lines.MoveNext());
    }

    [Property(MaxTest = 1000)]
    public void Any_bytes_are_entries_or_a_FormatException(byte[] text)
    {
        try
        {
            foreach (MountLine line in MountTable.Enumerate(text))
                line.ToEntry();
        }
        catch (FormatException)
        {
        }
    }

    [LinuxFact]
    public void A_tree_is_walked_as_the_kernel_walks_it()
    {
        var tree = new MountTree(Table(
            "1 0 / -",
            "2 1 /a -",
            "3 1 /a/b -",      // hidden below 2
            "4 2 /a/c -",
            "5 4 /a/c -",      // on top of 4
            "6 1 /ab -",
            "7 1 / -",         // on top of the root, which hides all
            "8 7 /a shared:9",
            "9 8 /a/d master:9"));
        Assert.Equal([7, 8, 9, 7], ((string[])["/ab", "/a/b", "/a/d/e", "/"]).Select(p => tree.Find(p)!.Id));
        Assert.Equal([2, 4, 5, 3, 6, 7, 8, 9], tree.GetDescendants(tree.Mounts[0]).Select(m => m.Id));
        Assert.Equal(1, Assert.Single(tree.Roots).Id);
        Assert.Null(tree.GetParent(tree.Mounts[0]));
        Assert.Equal(8, tree.GetParent(tree.Mounts[8])!.Id);
        Assert.Equal([8], tree.GetPeerGroup(9).Select(m => m.Id));
        Assert.Equal([9], tree.GetSlaves(9).Select(m => m.Id));

        var without = new MountTree(tree.Mounts.Where(m => m.Id < 7));
        Assert.Equal([6, 2, 5, 1, 2], ((string[])["/ab", "/a/b", "/a/c/x", "/abc", "/a"]).Select(p => without.Find(p)!.Id));
        Assert.Throws<ArgumentException>(() => without.Find("a"));
        Assert.Null(new MountTree([]).Find("/"));
    }

    [Property(MaxTest = 500)]
    public void A_tree_of_any_shape_comes_to_an_end(byte[] parents)
    {
        string[] points = ["/", "/a", "/a/b", "/c"];
        var tree = new MountTree(Table([.. parents.Select((p, i) => $"{i} {p % (parents.Length + 1)} {points[p % points.Length]} -")]));
        foreach (MountTableEntry mount in tree.Mounts)
            Assert.InRange(tree.GetDescendants(mount).Count(), 0, tree.Mounts.Length - 1);
        tree.Find("/a/b/c");
    }

    private static ImmutableArray<MountTableEntry> Table(params string[] lines)
        => [.. lines.Select(l => l.Split(' ')).Select(l => MountTable.Parse($"{l[0]} {l[1]} 0:{l[0]} / {l[2]} rw {(l[3] == "-" ? "" : l[3] + " ")}- tmpfs none rw"))];
}
