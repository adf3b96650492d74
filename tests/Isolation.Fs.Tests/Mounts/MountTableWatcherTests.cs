using System.Collections.Immutable;

namespace Isolation.Fs.Tests;

/// <summary>Changes of the mount table, as they come.</summary>
public sealed class MountTableWatcherTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [LinuxFact(Needs.Root)]
    public void Mounts_that_come_change_move_and_go_are_told() => PrivateMounts.Run(Tell);

    // The namespace is the main thread's, so that all but the waiting happens on it.
    private static void Tell()
    {
        string folder = PrivateMounts.Enter(), one = PrivateMounts.Make("one"), two = PrivateMounts.Make("two");
        using MountTableWatcher watcher = MountTableWatcher.Open();
        Assert.Contains(watcher.Table, m => m.MountPoint == folder);
        IAsyncEnumerator<MountTableChange> changes = watcher.ReadChangesAsync().GetAsyncEnumerator();

        MountTableChange added = Next(() => FileSystemMount.Mount(new TmpfsOptions(), one));
        Assert.Equal(one, Assert.Single(added.Added).MountPoint);
        Assert.True(added.Removed.IsEmpty && added.Changed.IsEmpty);
        Assert.Equal(watcher.Table, added.Table);

        MountTableChange changed = Next(() => AttachedMount.Change(one, new MountChange { Set = MountAttributes.NoDev }));
        Assert.Equal((one, MountAttributes.NoDev), Assert.Single(changed.Changed.Select(m => (m.MountPoint, m.Attributes))));

        MountTableChange moved = Next(() => AttachedMount.Move(one, two));
        Assert.Contains(moved.Changed, m => m.MountPoint == two && m.Id == added.Added[0].Id);

        MountTableChange removed = Next(() => AttachedMount.Unmount(two));
        Assert.Equal(two, Assert.Single(removed.Removed).MountPoint);
        changes.DisposeAsync().AsTask().Wait(s_patience);

        MountTableChange Next(Action action)
        {
            Task<bool> next = changes.MoveNextAsync().AsTask();
            Assert.False(next.Wait(50));
            action();
            Assert.True(next.Wait(s_patience));
            Assert.True(next.Result);
            return changes.Current;
        }
    }

    [LinuxFact(Needs.Root)]
    public void A_mount_whose_root_is_deleted_is_the_same_mount() => PrivateMounts.Run(DeleteRoot);

    private static void DeleteRoot()
    {
        PrivateMounts.Enter();
        string root = PrivateMounts.Make("root"), bound = PrivateMounts.Make("bound");
        BindMount.Mount(root, bound);
        MountTableEntry before = PrivateMounts.At(bound);
        using MountTableWatcher watcher = MountTableWatcher.Open();
        Directory.Delete(root);
        FileSystemMount.Mount(new TmpfsOptions { Source = "next" }, PrivateMounts.Make("next"));
        IAsyncEnumerator<MountTableChange> changes = watcher.ReadChangesAsync().GetAsyncEnumerator();
        Assert.True(changes.MoveNextAsync().AsTask().Wait(s_patience));
        Assert.Equal(("/root", "/root//deleted", before.Id), (before.Root, Assert.Single(changes.Current.Changed).Root, changes.Current.Changed[0].Id));
        Assert.Equal((false, true), (before.IsRootDeleted, changes.Current.Changed[0].IsRootDeleted));
        Assert.Equal("next", Assert.Single(changes.Current.Added).Source);
        Assert.Empty(changes.Current.Removed);
        changes.DisposeAsync().AsTask().Wait(s_patience);
    }

    [LinuxFact(Needs.Root)]
    public void No_change_is_missed_however_fast_they_come() => PrivateMounts.Run(Hurry);

    private static void Hurry()
    {
        const int Count = 300;
        PrivateMounts.Enter();
        string place = PrivateMounts.Make("place");
        using MountTableWatcher watcher = MountTableWatcher.Open();
        Task<int> seen = Task.Run(async () =>
        {
            var ids = new Dictionary<int, MountTableEntry>();
            await foreach (MountTableChange change in watcher.ReadChangesAsync())
            {
                foreach (MountTableEntry gone in change.Removed)
                    Assert.True(ids.Remove(gone.Id));
                foreach (MountTableEntry come in change.Added)
                    Assert.True(ids.TryAdd(come.Id, come));
                if (change.Table.Any(m => m.Source == "last"))
                    break;
            }

            return ids.Count;
        });
        for (int i = 0; i < Count; i++)
        {
            FileSystemMount.Mount(new TmpfsOptions { Source = $"a{i}" }, place);
            if (i % 3 == 0)
                AttachedMount.Unmount(place);
        }

        FileSystemMount.Mount(new TmpfsOptions { Source = "last" }, place);
        Assert.True(seen.Wait(s_patience));
        Assert.Equal(Count - (Count / 3) + 1, seen.Result);
    }

    [LinuxFact]
    public async Task It_ends_when_it_is_cancelled_or_disposed_of()
    {
        ImmutableArray<MountTableEntry> table = MountTable.Read();
        await Once();
        using (new ResidueCheck())
            await Once();

        async Task Once()
        {
            CancellationToken token = TestContext.Current.CancellationToken;
            MountTableWatcher watcher = MountTableWatcher.Open();
            Assert.Equal(table, watcher.Table);
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(token);
            Task<bool> first = Begin(cancel.Token);
            await Assert.ThrowsAsync<InvalidOperationException>(() => Begin(token));
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(s_patience, token));

            Task<bool> second = Begin(token);
            watcher.Dispose();
            Assert.False(await second.WaitAsync(s_patience, token));
            watcher.Dispose();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => Begin(token));

            async Task<bool> Begin(CancellationToken end)
            {
                await using IAsyncEnumerator<MountTableChange> changes = watcher.ReadChangesAsync(end).GetAsyncEnumerator(end);
                return await changes.MoveNextAsync();
            }
        }
    }
}
