namespace Isolation.Fs;

/// <summary>The room in a file system (statvfs(3)). Where a quota is in force for a directory, file systems such as XFS tell the quota's.</summary>
/// <param name="TotalBytes">Its size.</param>
/// <param name="FreeBytes">What is free.</param>
/// <param name="AvailableBytes">What is free for users without privilege.</param>
/// <param name="TotalFiles">How many files it can hold; 0 where there is no such limit.</param>
/// <param name="FreeFiles">How many more.</param>
public readonly record struct FileSystemSpace(long TotalBytes, long FreeBytes, long AvailableBytes, long TotalFiles, long FreeFiles);
