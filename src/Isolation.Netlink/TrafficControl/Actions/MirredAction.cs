using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>Gives packets, or copies of them, to another link (tc-mirred(8)).</summary>
/// <param name="Mode">What is given, and from which side.</param>
/// <param name="TargetIndex">The index of the other link.</param>
public sealed record MirredAction(MirredMode Mode, int TargetIndex) : TrafficAction(KindName)
{
    internal const string KindName = "mirred";

    /// <summary>What happens then. Null: the packet is gone when it is redirected, and the next action follows when it is mirrored, as tc(8) takes it.</summary>
    public ActionControl? Control { get; init; }

    internal static MirredAction ReadOptions(AttributeReader attributes)
    {
        MirredData data = default;
        foreach (Wire.Attribute attribute in attributes)
        {
            if (attribute.Type == (ushort)MirredAttribute.TCA_MIRRED_PARMS)
                data = attribute.Struct<MirredData>();
        }

        return new MirredAction((MirredMode)data.eaction, data.ifindex) { Control = new ActionControl(data.action), Index = (int)data.index };
    }

    private protected override void WriteOptions(MessageWriter writer, uint index)
    {
        if (!Enum.IsDefined(Mode) || TargetIndex <= 0)
            throw new ArgumentException($"There is no mirred action {Mode} to link {TargetIndex}.");
        ActionControl control = Control ?? (Mode is MirredMode.RedirectToEgress or MirredMode.RedirectToIngress ? ActionControl.Stolen : ActionControl.Pipe);
        using (writer.Nest(ActionAttribute.TCA_ACT_OPTIONS))
            writer.Write(MirredAttribute.TCA_MIRRED_PARMS, new MirredData { index = index, action = control.Value, eaction = (int)Mode, ifindex = TargetIndex });
    }
}

/// <summary>What <see cref="MirredAction"/> does (TCA_EGRESS_* and TCA_INGRESS_* of linux/tc_act/tc_mirred.h).</summary>
public enum MirredMode
{
    /// <summary>The packet leaves by the other link instead (TCA_EGRESS_REDIR).</summary>
    RedirectToEgress = 1,

    /// <summary>A copy leaves by the other link (TCA_EGRESS_MIRROR).</summary>
    MirrorToEgress = 2,

    /// <summary>The packet is as if it had come in by the other link (TCA_INGRESS_REDIR).</summary>
    RedirectToIngress = 3,

    /// <summary>A copy is as if it had come in by the other link (TCA_INGRESS_MIRROR).</summary>
    MirrorToIngress = 4,
}
