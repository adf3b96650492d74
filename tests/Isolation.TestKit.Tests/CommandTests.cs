namespace Isolation.TestKit.Tests;

/// <summary>Programs of the system beside the library, and what the machine has.</summary>
public sealed class CommandTests
{
    [LinuxFact]
    public void Output_error_and_exit_code_are_kept_apart()
        => Assert.Equal(new CommandResult(5, "out\n", "err\n"), Command.Run("sh", "-c", "echo out; echo err >&2; exit 5"));

    [LinuxFact]
    public void More_than_a_pipe_holds_comes_through()
        => Assert.Equal(1 << 20, Command.Run("head", "-c", "1048576", "/dev/zero").EnsureSuccess().Output.Length);

    [LinuxFact]
    public void Standard_input_is_at_its_end() => Assert.Equal("", Command.Run("cat").EnsureSuccess().Output);

    [LinuxFact]
    public void A_variable_without_a_value_is_removed()
        => Assert.Equal("no\n", Command.Run(TimeSpan.FromSeconds(10), new Dictionary<string, string?> { ["HOME"] = null }, "sh", ["-c", "echo ${HOME-no}"]).EnsureSuccess().Output);

    [LinuxFact]
    public void Every_need_is_met_or_has_a_reason()
    {
        foreach (Needs need in Enum.GetValues<Needs>())
            Assert.NotEqual("", Machine.Missing(need));
        Assert.Null(Machine.Missing(Needs.Nothing));
    }

    [LinuxFact]
    public void Of_several_needs_the_unmet_one_is_told()
        => Assert.Equal(Machine.Missing(Needs.X64) ?? Machine.Missing(Needs.CCompiler), Machine.Missing(Needs.X64 | Needs.CCompiler));

    [LinuxFact]
    public void A_program_is_found_along_the_path_and_in_the_folders_of_the_system()
    {
        Assert.EndsWith("/sh", Machine.Find("sh"), StringComparison.Ordinal);
        Assert.Null(Machine.Find("no-such-program"));
    }
}
