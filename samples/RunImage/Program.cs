// Runs the program of an image that skopeo, buildah or umoci has written to a directory: unpacks it once, and starts it in
// namespaces and an overlay of its own, as root or as an ordinary user. What it changes is thrown away.
//
//   skopeo copy docker-archive:debian.tar oci:debian:latest && run-image debian:latest cat /etc/os-release
using System.CommandLine;
using Isolation;
using Isolation.Fs;
using Isolation.Fs.Images;
using Isolation.Fs.Layers;
using Isolation.Namespaces;
using Isolation.Samples;
using Isolation.Samples.RunImage;
using Isolation.Syscalls;

Option<string> cacheFolder = new("--cache") { Description = "Where images are unpacked to: $XDG_CACHE_HOME/isolation/images or the same in ~/.cache when none is named" };
Option<string[]> variables = new("--env", "-e") { Description = "NAME=VALUE, as often as needed", AllowMultipleArgumentsPerToken = false };
Option<string> user = new("--user", "-u") { Description = "The user, as name, uid, name:group or uid:gid; names are those of the image" };
Option<string> directory = new("--workdir", "-w") { Description = "The working directory" };
Option<string> entrypoint = new("--entrypoint") { Description = "The program, in place of the image's" };
Option<string[]> volumes = new("--volume", "-v") { Description = "SOURCE:TARGET, or SOURCE:TARGET:ro: shows a file or directory of the host" };
Option<bool> readOnly = new("--read-only") { Description = "Refuse changes, in place of throwing them away" };
Option<bool> net = new("--net", "-n") { Description = "No network but lo" };
Option<bool> mapAuto = new("--map-auto") { Description = "For ordinary users: map the ids of /etc/subuid and /etc/subgid, so that there are other users than root" };
Option<bool> terminal = new("--terminal", "-t") { Description = "Leave the program the terminal, with job control; for images that you trust" };
Option<bool> explain = new("--explain") { Description = "Show what would be done" };
Argument<string> image = new("image") { Description = "DIR[:TAG]: the directory, and the tag if it has several images" };
Argument<string[]> program = new("command") { Description = "The arguments of the image's entrypoint, or the program if it has none; the image's own when none are given", Arity = ArgumentArity.ZeroOrMore };
RootCommand command = new("Runs the program of an image of an OCI layout.")
{
    cacheFolder, variables, user, directory, entrypoint, volumes, readOnly, net, mapAuto, terminal, explain, image, program,
};
command.SetAction(async (given, cancellationToken) =>
{
    try
    {
        ImageName name = ImageName.Parse(given.GetValue(image)!);
        var cache = new ImageCache(given.GetValue(cacheFolder));
        Unpacking.Run(name, cache, cancellationToken);

        var options = new ImageOptions { CacheFolder = cache.Folder, Mode = given.GetValue(readOnly) ? RootFsMode.ReadOnly : RootFsMode.Overlay };
        ContainerBuilder container = new ContainerBuilder()
            .WithImage(name.Layout, name.Tag, options)
            .WithUserNs(given.GetValue(mapAuto) ? UserNamespaceMaps.Subordinate : UserNamespaceMaps.Default)
            .WithInit().WithIpcNs().WithUtsNs("image")
            .WithMaskedPath("/proc/kcore").WithMaskedPath("/sys/firmware").WithReadOnlyPath("/proc/sys");
        foreach (string variable in given.GetValue(variables) ?? [])
            container = variable.Split('=', 2) is [var key, var value] ? container.WithEnvironment(key, value) : throw new ArgumentException($"'{variable}' is no NAME=VALUE.");
        foreach (string volume in given.GetValue(volumes) ?? [])
        {
            container = volume.Split(':') switch
            {
                [var source, var target] => container.WithBindMount(Path.GetFullPath(source), target),
                [var source, var target, "ro"] => container.WithBindMount(Path.GetFullPath(source), target, MountAccess.ReadOnly),
                _ => throw new ArgumentException($"'{volume}' is neither SOURCE:TARGET nor SOURCE:TARGET:ro."),
            };
        }

        if (given.GetValue(user) is { } userName)
            container = container.WithUser(userName);
        if (given.GetValue(directory) is { } path)
            container = container.WithWorkingDirectory(path);
        if (given.GetValue(entrypoint) is { } other)
            container = container.WithEntrypoint(other);
        if (given.GetValue(net))
            container = container.WithNetNs();
        if (given.GetValue(terminal))
            container = container.WithTerminal();
        if (given.GetValue(program) is [_, ..] words)
            container = container.WithCommand(words);
        if (given.GetValue(explain))
        {
            Console.Write(container.Explain());
            return 0;
        }

        return (await container.RunAsync(cancellationToken)).ExitCode;
    }
    catch (Exception e) when (e is LinuxException or LayerException or ArgumentException or InvalidOperationException or OperationCanceledException)
    {
        await Console.Error.WriteLineAsync($"run-image: {e.Message}");
        return e is LinuxException failure ? ProgramArguments.ExitCode(failure) : 1;
    }
});
return await command.Parse(ProgramArguments.Separate(args, command)).InvokeAsync();
