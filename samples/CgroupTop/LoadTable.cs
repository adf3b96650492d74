using System.Globalization;
using Isolation.Cgroups;
using Spectre.Console;

namespace Isolation.Samples;

/// <summary>Loads as a table; what is not counted is empty.</summary>
internal static class LoadTable
{
    public static Table Of(IEnumerable<CgroupLoad> loads)
    {
        Table table = new Table().Border(TableBorder.None).AddColumn(new TableColumn("CGROUP").NoWrap());
        foreach (string column in (string[])["CPU %", "MEMORY", "LIMIT", "READ/s", "WRITE/s", "PIDS", "LIMIT", "CPU wait %", "MEM wait %", "IO wait %"])
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        foreach (CgroupLoad load in loads)
        {
            string[] cells =
            [
                load.Name, Tenths(load.Cpu), Bytes(load.Memory), Limit(load.MemoryMax, static v => Bytes(v)), Bytes(load.Read), Bytes(load.Written),
                load.Pids?.ToString(CultureInfo.InvariantCulture) ?? "", Limit(load.PidsMax, static v => v.ToString(CultureInfo.InvariantCulture)),
                Tenths(load.CpuPressure), Tenths(load.MemoryPressure), Tenths(load.IOPressure),
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        return table;
    }

    private static string Tenths(double? value) => value?.ToString("0.0", CultureInfo.InvariantCulture) ?? "";

    private static string Limit(CgroupLimit? limit, Func<long, string> show) => limit is { } some ? some.Value is { } value ? show(value) : "max" : "";

    // cgroup files count in bytes, and their limits are given in powers of two.
    private static string Bytes(double? count)
    {
        if (count is not { } bytes)
            return "";
        foreach (string unit in (string[])["B", "K", "M", "G"])
        {
            if (bytes < 1024)
                return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.#} {unit}");
            bytes /= 1024;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.#} T");
    }
}
