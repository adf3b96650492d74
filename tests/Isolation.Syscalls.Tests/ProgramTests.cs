using System.Runtime.InteropServices;
using System.Text;
using FsCheck.Xunit;
using Isolation.Syscalls.Children;
using Tmds.Linux;

namespace Isolation.Syscalls.Tests;

/// <summary>Syscall programs: what the builder takes, what it shows, and what the child makes of it. What it may not do: <see cref="SharedMemoryRulesTests"/>.</summary>
public sealed unsafe class ProgramTests
{
    private static readonly StepNote s_note = new("do", "something");
    private static readonly Argument s_cwd = Argument.Constant(-100, "AT_FDCWD");

    [LinuxFact]
    public void A_program_has_4096_steps_at_the_most()
    {
        var program = new SyscallProgramBuilder();
        for (int i = 0; i < SyscallProgramBuilder.MaxSteps; i++)
            program.Call(SyscallNumber.GetPpid, s_note);
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => program.Call(SyscallNumber.GetPpid, s_note));
        Assert.Contains("4096", e.Message, StringComparison.Ordinal);
        Assert.Equal(SyscallProgramBuilder.MaxSteps, program.Count);
    }

    [LinuxFact]
    public void The_longest_program_runs_to_its_end()
    {
        var program = new SyscallProgramBuilder();
        while (program.Count < SyscallProgramBuilder.MaxSteps)
            program.Call(SyscallNumber.GetPpid, s_note);
        Assert.Equal(0, Run(program).Status);
    }

    [LinuxFact]
    public void A_program_has_64_inputs_at_the_most()
    {
        var program = new SyscallProgramBuilder();
        for (int i = SyscallProgramBuilder.EngineInputs; i < SyscallProgramBuilder.MaxInputs; i++)
            program.Input($"input{i}");
        Assert.Throws<InvalidOperationException>(() => program.Input("one more"));
    }

    [LinuxFact]
    public void Inputs_come_before_the_first_step()
    {
        var program = new SyscallProgramBuilder();
        program.Call(SyscallNumber.GetPpid, s_note);
        Assert.Throws<InvalidOperationException>(() => program.Input("late"));
    }

    [LinuxFact]
    public void An_input_has_a_name() => Assert.Throws<ArgumentException>(() => new SyscallProgramBuilder().Input(""));

    [LinuxFact]
    public void A_start_supplies_every_input()
    {
        var program = new SyscallProgramBuilder();
        program.Input("descriptor");
        ArgumentException e = Assert.Throws<ArgumentException>(() => Run(program));
        Assert.Contains("descriptor", e.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_call_has_six_arguments_at_the_most()
    {
        var program = new SyscallProgramBuilder();
        program.Call(SyscallNumber.GetPpid, s_note, 1, 2, 3, 4, 5, 6);
        Assert.Throws<ArgumentException>(() => program.Call(SyscallNumber.GetPpid, s_note, 1, 2, 3, 4, 5, 6, 7));
    }

    [LinuxFact]
    public void A_step_tolerates_four_errnos_at_the_most()
    {
        var program = new SyscallProgramBuilder();
        program.Call(SyscallNumber.GetPpid, s_note with { Tolerates = [Errno.EPERM, Errno.ENOENT, Errno.ESRCH, Errno.EIO] });
        Assert.Throws<ArgumentException>(() => program.Call(SyscallNumber.GetPpid, s_note with { Tolerates = [Errno.EPERM, Errno.ENOENT, Errno.ESRCH, Errno.EIO, Errno.EBADF] }));
    }

    [LinuxFact]
    public void What_belongs_to_another_program_is_refused()
    {
        var other = new SyscallProgramBuilder();
        StepValue input = other.Input("root");
        StepValue result = other.Call(SyscallNumber.GetPpid, s_note);
        var program = new SyscallProgramBuilder();
        program.Input("root");
        program.Call(SyscallNumber.GetPpid, s_note);
        foreach (Argument foreign in (Argument[])[input, result, other.Text("/"), other.Bytes([1], "bytes"), other.Strings(["a"])])
        {
            ArgumentException e = Assert.Throws<ArgumentException>(() => program.Call(SyscallNumber.Close, s_note, foreign));
            Assert.Contains($"{foreign} belongs to another program", e.Message, StringComparison.Ordinal);
        }
    }

    [LinuxFact]
    public void An_argument_without_a_value_is_refused()
    {
        var program = new SyscallProgramBuilder();
        Assert.Throws<ArgumentException>(() => program.Call(SyscallNumber.Close, s_note, default(StepValue)));
        Assert.Throws<ArgumentException>(() => program.Call(SyscallNumber.Close, s_note, default(Argument)));
    }

    [LinuxTheory]
    [InlineData("\0")]
    [InlineData("a\0")]
    [InlineData("a\0b")]
    public void Text_with_a_NUL_is_refused(string text)
    {
        Assert.Throws<ArgumentException>(() => new SyscallProgramBuilder().Text(text));
        Assert.Throws<ArgumentException>(() => new SyscallProgramBuilder().Strings(["good", text]));
    }

    [LinuxFact]
    public void A_program_owns_8_MiB_to_the_byte()
    {
        new SyscallProgramBuilder().Bytes(new byte[SyscallProgramBuilder.MaxMemory], "full");
        ArgumentException e = Assert.Throws<ArgumentException>(() => new SyscallProgramBuilder().Bytes(new byte[SyscallProgramBuilder.MaxMemory + 1], "too much"));
        Assert.Contains("8388608", e.Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Small_pieces_count_too()
    {
        var program = new SyscallProgramBuilder();
        program.Bytes(new byte[SyscallProgramBuilder.MaxMemory - 8], "nearly full");
        program.Text("7 bytes");
        Assert.Throws<ArgumentException>(() => program.Text(""));
    }

    [LinuxFact]
    public void What_did_not_fit_has_taken_no_room()
    {
        var program = new SyscallProgramBuilder();
        program.Bytes(new byte[SyscallProgramBuilder.MaxMemory - 8], "nearly full");
        Assert.Throws<ArgumentException>(() => program.Text("8 bytes!"));
        program.Text("7 bytes");
    }

    [LinuxFact]
    public void Text_counts_in_UTF_8()
        => Assert.Throws<ArgumentException>(() => new SyscallProgramBuilder().Text(new string('\u4e2d', (SyscallProgramBuilder.MaxMemory / 3) + 1)));

    [LinuxFact]
    public void More_strings_than_fit_are_refused()
        => Assert.Throws<ArgumentException>(() => new SyscallProgramBuilder().Strings(new string[(SyscallProgramBuilder.MaxMemory / sizeof(long)) + 1]));

    [LinuxFact]
    public void A_program_reads_as_strace_would_print_it()
    {
        var program = new SyscallProgramBuilder();
        StepValue source = program.Input("source");
        var note = new StepNote("open", "/etc");
        StepValue directory = program.Call(SyscallNumber.OpenAt, note with { Result = "etc" }, s_cwd, program.Text("/etc"), Argument.Constant(0x10000, "O_DIRECTORY"));
        program.Call(SyscallNumber.Fchdir, note, directory);
        program.Call(SyscallNumber.Close, new StepNote("close"), source);
        program.Call(SyscallNumber.Execve, new StepNote("execute", "sh"), program.Text("/bin/sh"), program.Strings(["sh", "-c"]), program.Strings([], "[/* 0 vars */]"));
        Assert.Equal(
            """
            # open /etc
            openat(AT_FDCWD, "/etc", O_DIRECTORY) = etc
            fchdir(etc)
            # close
            close(source)
            # execute sh
            execve("/bin/sh", ["sh", "-c"], [/* 0 vars */])

            """,
            program.Build().ToString());
    }

    [LinuxTheory]
    [InlineData("a\"b", """mkdirat("a\"b")""")]
    [InlineData("a\\b", """mkdirat("a\\b")""")]
    [InlineData("a\nb\tc", """mkdirat("a\nb\tc")""")]
    public void Text_is_shown_with_the_escapes_of_C(string text, string shown)
    {
        var program = new SyscallProgramBuilder();
        program.Call(SyscallNumber.MkdirAt, s_note, program.Text(text));
        Assert.Equal(shown, program.Build().Steps[0].ToString());
    }

    [LinuxFact]
    public void Long_text_is_cut_in_listings_and_whole_in_memory()
    {
        var program = new SyscallProgramBuilder();
        string text = new('x', 100_000);
        program.Call(SyscallNumber.MkdirAt, s_note, program.Text(text));
        SyscallProgram built = program.Build();
        Assert.Equal($"mkdirat(\"{text[..200]}...\")", built.Steps[0].ToString());
        Assert.Equal(text, TextAt(built, 0));
    }

    [LinuxFact]
    public void What_is_built_does_not_change_when_the_builder_goes_on()
    {
        var program = new SyscallProgramBuilder();
        program.Call(SyscallNumber.MkdirAt, s_note, program.Text("first"));
        SyscallProgram built = program.Build();
        program.Call(SyscallNumber.MkdirAt, s_note, program.Text("second"));
        Assert.Single(built.Steps);
        Assert.Equal("first", TextAt(built, 0));
    }

    [LinuxFact]
    public void The_results_of_earlier_steps_arrive_as_arguments()
        => Assert.Equal("/proc/sys\n", Output("openat(/proc/sys) and fchdir", program =>
        {
            StepValue directory = program.Call(SyscallNumber.OpenAt, s_note, s_cwd, program.Text("/proc/sys"), LibC.O_DIRECTORY);
            program.Call(SyscallNumber.Fchdir, s_note, directory);
            Shell(program, "pwd");
        }));

    [LinuxFact]
    public void The_result_of_a_step_long_ago_is_still_there()
        => Assert.Equal("/proc/sys\n", Output("a thousand steps between", program =>
        {
            StepValue directory = program.Call(SyscallNumber.OpenAt, s_note, s_cwd, program.Text("/proc/sys"), LibC.O_DIRECTORY);
            for (int i = 0; i < 1000; i++)
                program.Call(SyscallNumber.GetPpid, s_note);
            program.Call(SyscallNumber.Fchdir, s_note, directory);
            Shell(program, "pwd");
        }));

    [LinuxFact]
    public void All_six_arguments_arrive()
    {
        // prctl and others look at five; futex(2) CMP_REQUEUE at all six: it compares its sixth with the word at its first.
        var program = new SyscallProgramBuilder();
        Argument word = program.Structure(0x1234_5678u, "word");
        program.Call(SyscallNumber.Futex, s_note, word, Argument.Constant(132, "FUTEX_CMP_REQUEUE_PRIVATE"), 0, 0, word, 0x1234_5678);
        Assert.Equal(0, Run(program).Status);

        program.Call(SyscallNumber.Futex, s_note, word, Argument.Constant(132, "FUTEX_CMP_REQUEUE_PRIVATE"), 0, 0, word, 0x1234_5679);
        LinuxException failure = Assert.Throws<LinuxException>(() => Run(program));
        Assert.Equal((Errno.EAGAIN, null), (failure.Errno, failure.Hint));
    }

    [LinuxFact]
    public void Inputs_arrive()
    {
        var program = new SyscallProgramBuilder();
        StepValue a = program.Input("a"), b = program.Input("b");
        Argument word = program.Structure(7u, "word");
        program.Call(SyscallNumber.Futex, s_note, word, Argument.Constant(132, "FUTEX_CMP_REQUEUE_PRIVATE"), a, a, word, b);
        Assert.Equal(0, Run(program, 0, 7).Status);
        Assert.Equal(Errno.EAGAIN, Assert.Throws<LinuxException>(() => Run(program, 0, 8)).Errno);
    }

    [LinuxFact]
    public void Arguments_and_environment_of_an_executed_program_arrive()
        => Assert.Equal("[one][][two words]E=1 2\n", Output("argv and envp", program =>
            program.Call(
                SyscallNumber.Execve,
                s_note,
                program.Text("/bin/sh"),
                program.Strings(["sh", "-c", "printf '[%s]' \"$@\"; echo \"E=$E\"", "sh", "one", "", "two words"]),
                program.Strings(["E=1 2"]))));

    [LinuxFact]
    public void A_program_that_runs_off_its_end_exits_with_0()
    {
        Assert.Equal(0, Run(new SyscallProgramBuilder()).Status);
        var program = new SyscallProgramBuilder();
        program.Call(SyscallNumber.GetPpid, s_note);
        Assert.Equal(0, Run(program).Status);
    }

    [LinuxFact]
    public void One_program_runs_many_times_and_from_many_threads()
    {
        var builder = new SyscallProgramBuilder();
        builder.Call(SyscallNumber.GetPpid, s_note);
        SyscallProgram program = builder.Build();
        Parallel.For(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using ChildProcess child = ChildProcess.Start(new ChildStartInfo(program));
            Assert.Equal(0, child.WaitForExit().Status);
        });
    }

    [LinuxTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_tolerated_errno_goes_on_at_each_of_the_four_places(int place)
    {
        Errno[] tolerated = [Errno.EPERM, Errno.EIO, Errno.ESRCH, Errno.EBADF];
        (tolerated[place - 1], tolerated[3]) = (tolerated[3], tolerated[place - 1]);
        Assert.Equal("went on\n", Output("close(-1)", program =>
        {
            program.Call(SyscallNumber.Close, s_note with { Tolerates = [.. tolerated] }, -1);
            Shell(program, "echo went on");
        }));
    }

    [LinuxFact]
    public void Another_errno_than_those_tolerated_fails_and_names_step_and_target()
    {
        var program = new SyscallProgramBuilder();
        program.Call(SyscallNumber.GetPpid, s_note);
        program.Call(SyscallNumber.OpenAt, new StepNote("open", "/no/such/file") { Tolerates = [Errno.EACCES] }, s_cwd, program.Text("/no/such/file"));
        program.Call(SyscallNumber.GetPpid, s_note);
        LinuxException e = Assert.Throws<LinuxException>(() => Run(program));
        Assert.Equal((1, "open", "/no/such/file", Errno.ENOENT, "openat"), (e.Step, e.Operation, e.Target, e.Errno, e.Call));
    }

    [LinuxFact]
    public void The_steps_after_a_failed_one_do_not_run()
    {
        string path = Path.Combine(Path.GetTempPath(), $"isolation-program-{Environment.ProcessId}");
        var program = new SyscallProgramBuilder();
        program.Call(SyscallNumber.Close, s_note, -1);
        program.Call(SyscallNumber.MkdirAt, s_note, s_cwd, program.Text(path), 0x1ff);
        Assert.Throws<LinuxException>(() => Run(program));
        Assert.False(Directory.Exists(path));
    }

    [LinuxFact]
    public void A_step_that_failed_and_was_tolerated_leaves_its_negative_errno()
    {
        var program = new SyscallProgramBuilder();
        StepValue failed = program.Call(SyscallNumber.Close, s_note with { Tolerates = [Errno.EBADF] }, -1);
        Argument word = program.Structure(unchecked((uint)-(int)Errno.EBADF), "-EBADF");
        program.Call(SyscallNumber.Futex, s_note, word, Argument.Constant(132, "FUTEX_CMP_REQUEUE_PRIVATE"), 0, 0, word, failed);
        Assert.Equal(0, Run(program).Status);
    }

    [LinuxFact]
    public void Starts_leave_nothing_behind()
    {
        var program = new SyscallProgramBuilder();
        program.Call(SyscallNumber.Close, s_note, -1);
        Assert.Throws<LinuxException>(() => Run(program));
        Run(new SyscallProgramBuilder());
        using var check = new ResidueCheck();
        Assert.Throws<LinuxException>(() => Run(program));
        Run(new SyscallProgramBuilder());
    }

    [Property]
    public void Any_text_round_trips_through_the_memory_of_a_program(string?[] texts)
    {
        // The kernel takes bytes; what is no Unicode (half a surrogate pair) becomes U+FFFD, as in all of .NET.
        string[] clean = [.. texts.Select(t => (t ?? "").Replace("\0", "", StringComparison.Ordinal))];
        var builder = new SyscallProgramBuilder();
        foreach (string text in clean)
            builder.Call(SyscallNumber.MkdirAt, s_note, builder.Text(text));
        builder.Call(SyscallNumber.Execve, s_note, builder.Strings(clean));
        SyscallProgram program = builder.Build();
        for (int i = 0; i < clean.Length; i++)
            Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(clean[i])), TextAt(program, i));

        byte** array = (byte**)program.Image.Steps[clean.Length].Arguments[0];
        for (int i = 0; i < clean.Length; i++)
            Assert.Equal(TextAt(program, i), Marshal.PtrToStringUTF8((nint)array[i]));
        Assert.True(array[clean.Length] == null);
    }

    [Property]
    public void Any_bytes_round_trip_and_lie_at_a_multiple_of_8(byte[][] pieces)
    {
        var builder = new SyscallProgramBuilder();
        foreach (byte[] piece in pieces)
            builder.Call(SyscallNumber.Write, s_note, builder.Bytes(piece, "piece"));
        SyscallProgram program = builder.Build();
        for (int i = 0; i < pieces.Length; i++)
        {
            nint address = (nint)program.Image.Steps[i].Arguments[0];
            Assert.Equal(0, address % 8);
            Assert.Equal(pieces[i], new ReadOnlySpan<byte>((void*)address, pieces[i].Length).ToArray());
        }
    }

    [Property]
    public void Any_constant_arrives(long[] constants)
    {
        Argument[] arguments = [.. constants.Take(6).Select(c => (Argument)c)];
        var builder = new SyscallProgramBuilder();
        builder.Call(SyscallNumber.GetPpid, s_note, arguments);
        NativeStep step = *builder.Build().Image.Steps;
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(i < arguments.Length ? constants[i] : 0, step.Arguments[i]);
            Assert.Equal(ArgumentKind.Constant, step.Kinds[i]);
        }
    }

    [Property]
    public void No_text_crashes_the_builder(string?[]? texts, string? name, int call)
    {
        var program = new SyscallProgramBuilder();
        Try(() => program.Input(name!));
        Try(() => program.Strings(texts!, name));
        foreach (string text in (texts ?? []).OfType<string>())
            Try(() => program.Call(SyscallNumber.Custom(name!, call), new StepNote(text, name), program.Text(text), program.Bytes(Encoding.Unicode.GetBytes(text), text)));
        _ = program.Build().ToString();
        _ = program.Build().Image;

        static void Try(Action action)
        {
            try
            {
                action();
            }
            catch (ArgumentException)
            {
            }
        }
    }

    private static string? TextAt(SyscallProgram program, int step) => Marshal.PtrToStringUTF8((nint)program.Image.Steps[step].Arguments[0]);

    private static ProcessExit Run(SyscallProgramBuilder program, params ReadOnlySpan<long> inputs)
    {
        using ChildProcess child = ChildProcess.Start(new ChildStartInfo(program.Build()) { Inputs = inputs, Timeout = TimeSpan.FromSeconds(20) });
        return child.WaitForExit();
    }

    private static void Shell(SyscallProgramBuilder program, string script)
        => program.Call(SyscallNumber.Execve, new StepNote("execute", "sh"), program.Text("/bin/sh"), program.Strings(["sh", "-c", script]), program.Strings([]));

    /// <summary>Runs a program whose standard output is a file, and returns the file.</summary>
    private static string Output(string what, Action<SyscallProgramBuilder> steps)
    {
        string path = Path.Combine(Path.GetTempPath(), $"isolation-output-{Guid.NewGuid():N}");
        try
        {
            var program = new SyscallProgramBuilder();
            StepValue file = program.Call(
                SyscallNumber.OpenAt,
                new StepNote("open", "the output"),
                s_cwd,
                program.Text(path),
                Argument.Constant(LibC.O_WRONLY | LibC.O_CREAT | LibC.O_CLOEXEC, "O_WRONLY|O_CREAT|O_CLOEXEC"),
                0x180);
            program.Call(SyscallNumber.Dup3, new StepNote("set", "standard output"), file, 1, 0);
            steps(program);
            ProcessExit exit = Run(program);
            Assert.True(exit.Status == 0, $"{what}: {exit}");
            return File.ReadAllText(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
