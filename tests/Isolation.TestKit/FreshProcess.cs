using System.Reflection;

namespace Isolation.TestKit;

/// <summary>Runs one static method of a test class in a process of its own: for what changes the process, kills it, or needs another user.</summary>
/// <remarks>The method is public or private, static, and takes strings; it returns void, or int for the exit code.</remarks>
public static class FreshProcess
{
    private const string Option = "--fresh-method";

    /// <summary>The ordinary user that <see cref="RunAsUser"/> uses; no line in /etc/passwd is needed.</summary>
    public const int UserId = 4242;

    /// <summary>Runs the method as the same user.</summary>
    public static CommandResult Run(Delegate method, params string[] arguments) => Run([], method, arguments);

    /// <summary>Runs the method as an ordinary user without any capability.</summary>
    public static CommandResult RunAsUser(Delegate method, params string[] arguments)
        => Run(Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={UserId}", $"--regid={UserId}", "--clear-groups", "--inh-caps=-all"] : [], method, arguments);

    /// <summary>Runs the method below a program such as strace.</summary>
    public static CommandResult Run(string[] prefix, Delegate method, string[] arguments, TimeSpan? timeout = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        string[] line = [.. prefix, .. CommandLine(method, arguments)];
        return Command.Run(timeout ?? TimeSpan.FromSeconds(100), environment, line[0], line[1..]);
    }

    /// <summary>The command line that runs the method.</summary>
    public static string[] CommandLine(Delegate method, params string[] arguments)
    {
        MethodInfo info = method.Method;
        if (!info.IsStatic)
            throw new ArgumentException($"{info.Name} is not static, so another process cannot run it.", nameof(method));
        string folder = AccessibleCopy.Of(AppContext.BaseDirectory);
        string executable = Path.Combine(folder, info.Module.Assembly.GetName().Name!);
        return [executable, Option, info.DeclaringType!.FullName!, info.Name, .. arguments];
    }

    /// <summary>For the entry point: runs the method that the command line names, if it names one.</summary>
    public static bool TryRunMethod(string[] args, out int exitCode)
    {
        exitCode = 0;
        if (args is not [Option, var type, var name, .. var arguments])
            return false;
        const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        MethodInfo method = Assembly.GetEntryAssembly()!.GetType(type, throwOnError: true)!.GetMethod(name, Static)
            ?? throw new MissingMethodException(type, name);
        exitCode = method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [.. arguments], null) is int code ? code : 0;
        return true;
    }
}
