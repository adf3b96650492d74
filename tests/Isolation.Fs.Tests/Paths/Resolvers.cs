namespace Isolation.Fs.Tests;

/// <summary>Both ways in which paths are resolved: what holds for one holds for the other.</summary>
internal static class Resolvers
{
    public static PathResolver Get(bool inUserSpace) => inUserSpace ? PathResolver.UserSpace : PathResolver.Kernel;
}

/// <summary>By openat2(2).</summary>
public sealed class KernelRootDirectoryTests() : RootDirectoryTests(inUserSpace: false);

/// <summary>Component by component.</summary>
public sealed class UserSpaceRootDirectoryTests() : RootDirectoryTests(inUserSpace: true);

/// <summary>By openat2(2).</summary>
public sealed class KernelRootEntryTests() : RootEntryTests(inUserSpace: false);

/// <summary>Component by component, with calls that are the same on every kernel.</summary>
[NativeOnly]
public sealed class UserSpaceRootEntryTests() : RootEntryTests(inUserSpace: true);

/// <summary>By openat2(2).</summary>
public sealed class KernelRootTreeTests() : RootTreeTests(inUserSpace: false);

/// <summary>Component by component, with calls that are the same on every kernel.</summary>
[NativeOnly]
public sealed class UserSpaceRootTreeTests() : RootTreeTests(inUserSpace: true);
