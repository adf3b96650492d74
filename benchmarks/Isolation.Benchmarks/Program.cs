using Isolation.Benchmarks.Compare;
using Isolation.Benchmarks.Micro;
using Isolation.Benchmarks.Serve;

switch (args)
{
    case ["compare", .. var options]:
        return Comparison.Run(ComparisonOptions.Parse(options));
    case ["micro", .. var options]:
        return StartBenchmarks.Run(options);
    case ["serve", .. var options]:
        return Server.Run(options);
    case ["netlink", var work]:
        return Server.RunNetlink(work);
    case ["cgroups", var work, var mount, var pause]:
        return Server.RunCgroups(work, mount, pause);
    case ["files", var work, var place, var other]:
        return Server.RunFiles(work, place, other);
    default:
        Console.Error.WriteLine(
            """
            usage: compare [--rounds N] [--only TEXT] [--write FILE]   the library, C and the peers, in turn, as tables
                   micro [BenchmarkDotNet options]                     what happens inside this process
                   serve CONTENDER [OPTION...]                         one contender in a process of its own (compare does this)
                   files WORK PLACE OTHER                              the same for a work of reference/files.c, unpacking or deleting
                   netlink WORK                                        the same for a work of reference/netlink.c
                   cgroups WORK MOUNT PAUSE                            the same for a work of reference/cgroup.c
            """);
        return 2;
}
