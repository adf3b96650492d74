using System.Diagnostics;
using FsCheck.Xunit;
using Isolation.Syscalls;

namespace Isolation.Fs.Tests;

/// <summary>Users of a root: S13 and S21 of the attacks.</summary>
public sealed class RootUserTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("isolation-users-").FullName;
    private readonly RootDirectory _root;

    public RootUserTests()
    {
        Directory.CreateDirectory(_folder + "/etc");
        _root = RootDirectory.Open(_folder);
        _root.WriteFile("etc/passwd", """
            # a comment: with: colons: in: it: and: more
            root:x:0:0:root:/root:/bin/sh
            short:x:5:5
            web:x:33:34:the web:/srv/www:/usr/sbin/nologin
            web:x:99:99:a second one:/no:/no
            webmaster:x:1000:1000::/home/webmaster:/bin/bash
            broken:x:0x10:1000::/:/
            nogroup:x:7:-1::/:/
            big:x:4294967295:0::/:/
            """u8);
        _root.WriteFile("etc/group", """
            root:x:0:
            www:x:34:
            audio:x:29:web,webmaster
            video:x:44:webmaster,web
            audio2:x:29:web
            bad:x:x:web
            notmine:x:50:webby
            """u8);
    }

    public void Dispose()
    {
        _root.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [LinuxTheory]
    [InlineData("root", 0u, 0u, "", "/root")]
    [InlineData("web", 33u, 34u, "29 44", "/srv/www")]
    [InlineData("33", 33u, 34u, "29 44", "/srv/www")]
    [InlineData("web:audio", 33u, 29u, "", "/srv/www")]
    [InlineData("web:7", 33u, 7u, "", "/srv/www")]
    [InlineData("33:video", 33u, 44u, "", "/srv/www")]
    [InlineData("1234", 1234u, 0u, "", null)]
    [InlineData("1234:5678", 1234u, 5678u, "", null)]
    [InlineData("4294967294:4294967294", 4294967294u, 4294967294u, "", null)]
    [InlineData("webmaster", 1000u, 1000u, "29 44", "/home/webmaster")]
    public void Ids_groups_and_home_are_found(string text, uint user, uint group, string groups, string? home)
    {
        RootUser found = RootUser.Find(_root, text);
        Assert.Equal((user, group, home), (found.User, found.Group, found.Home));
        Assert.Equal(groups, string.Join(' ', found.Groups));
    }

    // Each of these was once read as root, or as somebody else, by some runtime.
    [LinuxTheory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("0x0")]
    [InlineData("+0")]
    [InlineData("-1")]
    [InlineData("-0")]
    [InlineData(" 0")]
    [InlineData("0 ")]
    [InlineData("0\n")]
    [InlineData("0\0")]
    [InlineData("0.0")]
    [InlineData("1e3")]
    [InlineData("1,000")]
    [InlineData("4294967295")]
    [InlineData("4294967296")]
    [InlineData("18446744073709551616")]
    [InlineData("99999999999999999999999999")]
    [InlineData("1000:")]
    [InlineData(":1000")]
    [InlineData("1000:1000:1")]
    [InlineData("1000:-1")]
    [InlineData("1000:4294967295")]
    [InlineData("\u0660")]
    [InlineData("１")]
    [InlineData("root\n")]
    [InlineData("ro ot")]
    [InlineData("root:x:0")]
    [InlineData("../etc")]
    [InlineData("#")]
    [InlineData("-root")]
    [InlineData("nobody-here")]
    [InlineData("root:nobody-here")]
    [InlineData("short")]
    [InlineData("we")]
    [InlineData("broken")]
    [InlineData("nogroup")]
    [InlineData("big")]
    [InlineData("web:bad")]
    public void What_is_no_user_is_refused(string text) => Assert.Throws<ArgumentException>(() => RootUser.Find(_root, text));

    [LinuxFact]
    public void The_message_says_what_to_do()
        => Assert.Equal($"There is no user 'bob' in /etc/passwd of {_folder}. Give the number, or add a line.", Assert.Throws<ArgumentException>(() => RootUser.Find(_root, "bob")).Message);

    [LinuxFact]
    public void Numbers_need_no_files()
    {
        File.Delete(_folder + "/etc/passwd");
        File.Delete(_folder + "/etc/group");
        Assert.Equal(new RootUser(5, 0), RootUser.Find(_root, "5") with { Groups = [] });
        Assert.True(RootUser.IsNumeric("5:6"));
        Assert.False(RootUser.IsNumeric("5:www"));
        Assert.Equal((5u, 6u), (RootUser.Numeric("5:6").User, RootUser.Numeric("5:6").Group));
        Assert.Throws<ArgumentException>(() => RootUser.Numeric("web"));
    }

    [LinuxFact]
    public void A_passwd_that_leads_outside_hangs_or_is_huge_is_an_error_at_once()
    {
        long begun = Stopwatch.GetTimestamp();
        Replace(() => File.CreateSymbolicLink(_folder + "/etc/passwd", "/etc/passwd"));
        Assert.Equal(Errno.ELOOP, Assert.Throws<LinuxException>(() => RootUser.Find(_root, "root")).Errno);
        Replace(() => File.CreateSymbolicLink(_folder + "/etc/passwd", "../../../../../../../../etc/shadow"));
        Assert.Throws<ArgumentException>(() => RootUser.Find(_root, "root"));
        Replace(() => _root.CreateFifo("etc/passwd"));
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => RootUser.Find(_root, "root")).Errno);
        Replace(() => _root.CreateDirectory("etc/passwd"));
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => RootUser.Find(_root, "root")).Errno);
        Replace(() =>
        {
            using FileStream sparse = File.Create(_folder + "/etc/passwd");
            sparse.SetLength(1 << 30);
        });
        Assert.Equal(Errno.EFBIG, Assert.Throws<LinuxException>(() => RootUser.Find(_root, "root")).Errno);
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, 0, 2);

        void Replace(Action make)
        {
            _root.DeleteTree("etc/passwd");
            make();
        }
    }

    [Property(MaxTest = 300)]
    public void Whatever_the_files_hold_the_answer_is_a_user_or_a_typed_error(byte[] passwd, byte[] group, bool withLine)
    {
        _root.WriteFile("etc/passwd", withLine ? [.. "x:x:1:1:"u8, .. passwd, .. ":/\n"u8, .. passwd] : passwd);
        _root.WriteFile("etc/group", [.. "g:x:1:x,"u8, .. group, 10, .. group]);
        foreach (string text in (string[])["x", "1", "x:g", "0:0"])
        {
            try
            {
                RootUser user = RootUser.Find(_root, text);
                Assert.True(user.User is 0 or 1);
            }
            catch (ArgumentException)
            {
            }
        }
    }
}
