using Isolation.Namespaces;
using Isolation.Syscalls.Children;

namespace Isolation;

/// <summary>What the manager does while the child of one start waits.</summary>
internal sealed class StartGates(ContainerPlan plan)
{
    /// <summary>The network that was made.</summary>
    public ContainerNetwork? Network { get; private set; }

    public void Act(string gate, in WaitingChild child)
    {
        if (gate != NetworkPlan.Gate)
        {
            IdMapWriter.Write(child.ProcessId, plan.Maps!);
            return;
        }

        // One of an earlier attempt is undone.
        Network?.Dispose();
        Network = null;
        Network = ContainerNetwork.Make(plan.Network!, child, plan.Program.Steps.IndexOf(plan.Program.Steps.Last(s => s.Note.Target == NetworkPlan.Gate)));
    }
}
