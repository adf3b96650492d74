using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>The programs of XDP at a link, by their ids of bpf(2).</summary>
public sealed record LinkXdp
{
    /// <summary>Where they run.</summary>
    public LinkXdpMode Mode { get; init; }

    /// <summary>The program, if there is one alone (IFLA_XDP_PROG_ID).</summary>
    public uint? ProgramId { get; init; }

    /// <summary>The program in the driver (IFLA_XDP_DRV_PROG_ID).</summary>
    public uint? DriverProgramId { get; init; }

    /// <summary>The program after the driver (IFLA_XDP_SKB_PROG_ID).</summary>
    public uint? GenericProgramId { get; init; }

    /// <summary>The program in the hardware (IFLA_XDP_HW_PROG_ID).</summary>
    public uint? HardwareProgramId { get; init; }

    internal static LinkXdp? Read(AttributeReader attributes)
    {
        var mode = LinkXdpMode.None;
        uint? program = null, driver = null, generic = null, hardware = null;
        foreach (Wire.Attribute attribute in attributes)
        {
            switch ((XdpAttribute)attribute.Type)
            {
                case XdpAttribute.IFLA_XDP_ATTACHED:
                    mode = attribute.Number<LinkXdpMode>();
                    break;
                case XdpAttribute.IFLA_XDP_PROG_ID:
                    program = attribute.Number<uint>();
                    break;
                case XdpAttribute.IFLA_XDP_DRV_PROG_ID:
                    driver = attribute.Number<uint>();
                    break;
                case XdpAttribute.IFLA_XDP_SKB_PROG_ID:
                    generic = attribute.Number<uint>();
                    break;
                case XdpAttribute.IFLA_XDP_HW_PROG_ID:
                    hardware = attribute.Number<uint>();
                    break;
            }
        }

        return mode == LinkXdpMode.None ? null : new LinkXdp { Mode = mode, ProgramId = program, DriverProgramId = driver, GenericProgramId = generic, HardwareProgramId = hardware };
    }
}
