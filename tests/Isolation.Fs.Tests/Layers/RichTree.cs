namespace Isolation.Fs.Tests.Layers;

/// <summary>A tree with all that a layer can hold.</summary>
internal static class RichTree
{
    public static void Make(string folder, bool withLongNames = true, bool withDevices = true)
    {
        string deep = withLongNames ? string.Join('/', Enumerable.Repeat(new string('d', 60), 5)) : "deep";
        string script = $$"""
            set -e; mkdir -p "$0"; cd "$0"; umask 022
            mkdir -p bin etc var/empty {{deep}}
            printf 'binary' > bin/tool; chmod 4755 bin/tool; chown 1:2 bin/tool; chmod u+s bin/tool
            printf 'text' > etc/conf; chmod 640 etc/conf; chown 1000:1001 etc/conf
            ln -s /etc/conf link; ln -s ../no/where bin/dangling; chown -h 5:6 link
            ln etc/conf etc/conf-linked; : > empty; printf x > 'a name with spaces'
            head -c 300000 /dev/zero > zeros; printf 'deep' > {{deep}}/file
            chmod 1777 var; chmod 2755 var/empty
            {{(withDevices ? "mknod null c 1 3; mknod disk b 8 1; mkfifo fifo; chmod 666 null" : "")}}
            {{(withLongNames ? $"ln -s {new string('t', 200)} {deep}/longlink; ln {deep}/file linked-to-deep; printf u > 'ümläut-ñ-日本'" : "")}}
            if command -v setfattr >/dev/null; then setfattr -n user.note -v hello etc/conf || true; setfattr -n trusted.t -v 0x00ff01 bin/tool; setfattr -n security.capability -v 0x0100000280ff0000000000000000000000000000 empty; fi
            find . -exec touch -h -d '2001-02-03 04:05:06' {} +
            """;
        Command.Run("sh", "-c", script, folder).EnsureSuccess();
    }
}
