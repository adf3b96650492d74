using System.Buffers.Binary;
using Isolation.Fs.Layers;

namespace Isolation.Fs.Tests.Layers;

/// <summary>Attributes that reach further than the file that has them: default ACLs, those of layers below, and ids in them.</summary>
[NativeOnly]
public sealed class LayerAttributeTests : IDisposable
{
    private const string Access = "system.posix_acl_access", Default = "system.posix_acl_default";
    private const short OwnerTag = 1, UserTag = 2, OwningGroupTag = 4, GroupTag = 8, MaskTag = 0x10, OtherTag = 0x20;

    private static readonly byte[] s_acl = Acl((OwnerTag, 7, uint.MaxValue), (UserTag, 7, 1000), (OwningGroupTag, 5, uint.MaxValue), (MaskTag, 7, uint.MaxValue), (OtherTag, 0, uint.MaxValue));

    private static readonly byte[] s_capability = Convert.FromHexString("0100000200200000000000000000000000000000");

    private static readonly LayerOptions s_mapped = new() { UserMap = [new(0, 100_000, 65_536)], GroupMap = [new(0, 200_000, 65_536)] };

    private readonly string _folder = Directory.CreateTempSubdirectory("isolation-attributes-").FullName;

    public void Dispose() => Command.Run("rm", "-rf", "--one-file-system", _folder).EnsureSuccess();

    [LinuxFact]
    public void What_is_made_in_a_directory_with_a_default_ACL_inherits_nothing()
    {
        byte[] layer = new TarBuilder().Pax(($"SCHILY.xattr.{Default}", s_acl)).Directory("d").File("d/f", change: Mode(0x1a0)).Directory("d/sub").File("d/implied/f").Link("d/link", "x").Build();
        using RootDirectory root = Unpack(null, layer);
        Assert.Equal(s_acl, root.TryGetAttribute("d", Default));
        Assert.All((string[])["d/f", "d/sub", "d/implied", "d/implied/f"], path => Assert.Empty(Applied(root, path)));
        Assert.Equal((UnixFileMode)0x1a0, root.GetStatus("d/f").Permissions);
    }

    [LinuxTheory]
    [InlineData("d/new", "d/implied/f")]
    [InlineData("d/implied/f", "d/new")]
    public void Nor_from_that_of_a_layer_below_which_stays(string first, string second)
    {
        byte[] lower = new TarBuilder().Pax(($"SCHILY.xattr.{Default}", s_acl)).Directory("d").Build();
        using RootDirectory root = Unpack(null, lower, new TarBuilder().File(first, change: Mode(0x1a0)).File(second, change: Mode(0x1a0)).Build());
        Assert.Equal(s_acl, root.TryGetAttribute("d", Default));
        Assert.All((string[])["d/new", "d/implied", "d/implied/f"], path => Assert.Empty(Applied(root, path)));
        Assert.Equal((UnixFileMode)0x1a0, root.GetStatus("d/new").Permissions);
    }

    [LinuxFact]
    public void A_directory_has_the_attributes_of_its_last_entry_only()
    {
        byte[] lower = new TarBuilder().Pax(("SCHILY.xattr.user.a", [1]), ("SCHILY.xattr.user.b", [1]), ($"SCHILY.xattr.{Access}", s_acl), ($"SCHILY.xattr.{Default}", s_acl)).Directory("d").Directory("e").Build();
        byte[] upper = new TarBuilder().File("d/before").Pax(("SCHILY.xattr.user.b", [2])).Directory("d").File("d/after").Build();
        using RootDirectory root = Unpack(null, lower, upper);
        Assert.Equal(["user.b"], Applied(root, "d"));
        Assert.Equal([2], root.TryGetAttribute("d", "user.b"));
        Assert.Equal((UnixFileMode)0x1ed, root.GetStatus("d").Permissions);
    }

    [LinuxFact(Needs.Root)]
    public void Ids_in_attributes_are_mapped_as_owners_are()
    {
        byte[] layer = new TarBuilder().Pax(($"SCHILY.xattr.{Access}", s_acl)).File("f").Pax(("SCHILY.xattr.security.capability", s_capability)).File("g").Build();
        using (RootDirectory root = Unpack(s_mapped, layer))
        {
            Assert.Equal(AttributeIds.ToOutside(Access, s_acl, s_mapped), root.TryGetAttribute("f", Access));
            Assert.Equal(101_000u, BinaryPrimitives.ReadUInt32LittleEndian(root.TryGetAttribute("f", Access).AsSpan(4 + 8 + 4)));
            Assert.Equal(Convert.FromHexString("0100000300200000000000000000000000000000a0860100"), root.TryGetAttribute("g", "security.capability"));
        }

        LayerOptions few = s_mapped with { UserMap = [new(0, 100_000, 1000)] };
        LayerException e = Assert.Throws<LayerException>(() => Layer.Unpack(Path.Combine(_folder, "few"), [() => new MemoryStream(layer)], few));
        Assert.Equal((LayerFault.Unsupported, "f"), (e.Fault, e.Entry));
    }

    [LinuxFact]
    public void Mapped_ids_come_back_and_what_has_none_stays()
    {
        byte[] acl = Acl((OwnerTag, 7, 5), (UserTag, 7, 1000), (UserTag, 7, 0), (OwningGroupTag, 5, uint.MaxValue), (GroupTag, 5, 7), (MaskTag, 7, 3), (OtherTag, 0, 4));
        byte[] other = Convert.FromHexString("01000003002000000000000000000000000000000a000000");
        foreach ((string name, byte[] value) in (ReadOnlySpan<(string, byte[])>)[(Access, acl), (Default, acl), ("security.capability", s_capability), ("security.capability", other)])
        {
            byte[] mapped = AttributeIds.ToOutside(name, value, s_mapped)!;
            Assert.NotEqual(value, mapped);
            Assert.Equal(value, AttributeIds.ToInside(name, mapped, s_mapped));
            Assert.Same(value, AttributeIds.ToOutside(name, value, new LayerOptions()));
            Assert.Null(AttributeIds.ToInside(name, value, s_mapped));
        }

        Assert.Equal(Acl((OwnerTag, 7, 5), (UserTag, 7, 101_000), (UserTag, 7, 100_000), (OwningGroupTag, 5, uint.MaxValue), (GroupTag, 5, 200_007), (MaskTag, 7, 3), (OtherTag, 0, 4)), AttributeIds.ToOutside(Access, acl, s_mapped));
        foreach ((string name, byte[] value) in (ReadOnlySpan<(string, byte[])>)[(Access, acl[..^1]), (Access, []), ("security.capability", s_capability[..^1]), ("security.capability", []), ("user.x", s_acl)])
            Assert.Equal(value, AttributeIds.ToOutside(name, value, s_mapped));
    }

    private static Action<byte[]> Mode(int mode) => header => TarBuilder.Octal(header.AsSpan(100, 8), mode);

    private static string[] Applied(RootDirectory root, string path) => [.. root.ListAttributes(path).Where(AttributeRules.IsApplied)];

    // linux/posix_acl_xattr.h.
    private static byte[] Acl(params (short Tag, short Permissions, uint Id)[] entries)
    {
        byte[] acl = new byte[4 + (8 * entries.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(acl, 2);
        for (int i = 0; i < entries.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(acl.AsSpan(4 + (8 * i)), entries[i].Tag);
            BinaryPrimitives.WriteInt16LittleEndian(acl.AsSpan(6 + (8 * i)), entries[i].Permissions);
            BinaryPrimitives.WriteUInt32LittleEndian(acl.AsSpan(8 + (8 * i)), entries[i].Id);
        }

        return acl;
    }

    private RootDirectory Unpack(LayerOptions? options, params byte[][] layers)
    {
        Assert.Empty(Layer.Unpack(Path.Combine(_folder, "root"), layers.Select(l => (Func<Stream>)(() => new MemoryStream(l))), options).Omissions.Where(o => o.What != "owner"));
        return RootDirectory.Open(Path.Combine(_folder, "root"));
    }
}
