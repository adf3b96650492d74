using Isolation.Netlink.Interop;
using Isolation.Netlink.Wire;

namespace Isolation.Netlink;

/// <summary>A model by which packets are lost in bursts (tc-netem(8), loss).</summary>
public abstract record NetemLossModel
{
    private protected NetemLossModel()
    {
    }

    /// <summary>Reads TCA_NETEM_LOSS; null where the model is not known.</summary>
    internal static NetemLossModel? Read(AttributeReader attributes)
    {
        NetemLossModel? model = null;
        foreach (Wire.Attribute attribute in attributes)
        {
            model = (NetemLossAttribute)attribute.Type switch
            {
                NetemLossAttribute.NETEM_LOSS_GI => NetemStateLoss.From(attribute.Struct<NetemStateLossData>()),
                NetemLossAttribute.NETEM_LOSS_GE => NetemGilbertElliottLoss.From(attribute.Struct<NetemGilbertElliottData>()),
                _ => model,
            };
        }

        return model;
    }

    /// <summary>Writes what TCA_NETEM_LOSS holds.</summary>
    internal abstract void WriteTo(MessageWriter writer);
}

/// <summary>Two states, a good one and a bad one, each with its own loss: Gilbert-Elliott; with the defaults Gilbert's, or Bernoulli's.</summary>
/// <param name="ToBad">The probability to go from the good state to the bad one, with each packet (p).</param>
/// <param name="ToGood">The probability to go back, with each packet (r). tc(8) takes 1 - p where it is not given.</param>
public sealed record NetemGilbertElliottLoss(double ToBad, double ToGood) : NetemLossModel
{
    /// <summary>The share that is lost in the bad state (1 - h).</summary>
    public double LossWhenBad { get; init; } = 1;

    /// <summary>The share that is lost in the good state (1 - k).</summary>
    public double LossWhenGood { get; init; }

    internal static NetemGilbertElliottLoss From(NetemGilbertElliottData data)
        => new(TrafficUnits.FromProbability(data.p), TrafficUnits.FromProbability(data.r))
        {
            LossWhenBad = TrafficUnits.FromProbability(uint.MaxValue - data.h),
            LossWhenGood = TrafficUnits.FromProbability(data.k1),
        };

    internal override void WriteTo(MessageWriter writer)
        => writer.Write(NetemLossAttribute.NETEM_LOSS_GE, new NetemGilbertElliottData
        {
            p = TrafficUnits.ToProbability(ToBad, nameof(ToBad)),
            r = TrafficUnits.ToProbability(ToGood, nameof(ToGood)),
            h = uint.MaxValue - TrafficUnits.ToProbability(LossWhenBad, nameof(LossWhenBad)),
            k1 = TrafficUnits.ToProbability(LossWhenGood, nameof(LossWhenGood)),
        });
}

/// <summary>Four states: good, losses in a burst, good packets within a burst, and single losses. They are numbered 1, 3, 2 and 4.</summary>
/// <param name="P13">The probability to begin a burst.</param>
/// <param name="P31">The probability to end a burst.</param>
/// <param name="P32">The probability of good packets within a burst.</param>
/// <param name="P23">The probability of losses after good packets within a burst.</param>
/// <param name="P14">The probability of a single loss.</param>
public sealed record NetemStateLoss(double P13, double P31, double P32, double P23, double P14) : NetemLossModel
{
    internal static NetemStateLoss From(NetemStateLossData data) => new(
        TrafficUnits.FromProbability(data.p13),
        TrafficUnits.FromProbability(data.p31),
        TrafficUnits.FromProbability(data.p32),
        TrafficUnits.FromProbability(data.p23),
        TrafficUnits.FromProbability(data.p14));

    internal override void WriteTo(MessageWriter writer)
        => writer.Write(NetemLossAttribute.NETEM_LOSS_GI, new NetemStateLossData
        {
            p13 = TrafficUnits.ToProbability(P13, nameof(P13)),
            p31 = TrafficUnits.ToProbability(P31, nameof(P31)),
            p32 = TrafficUnits.ToProbability(P32, nameof(P32)),
            p23 = TrafficUnits.ToProbability(P23, nameof(P23)),
            p14 = TrafficUnits.ToProbability(P14, nameof(P14)),
        });
}
