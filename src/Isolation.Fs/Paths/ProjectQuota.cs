namespace Isolation.Fs;

/// <summary>How much a project, which is a tree of directories, may hold, and holds (quotactl(2), PRJQUOTA).</summary>
/// <param name="MaxBytes">Bytes at the most, after which writes fail with EDQUOT or ENOSPC; null for no bound.</param>
/// <param name="MaxFiles">Files and directories at the most; null for no bound.</param>
/// <param name="UsedBytes">What its files take on the disk, in bytes.</param>
/// <param name="UsedFiles">Its files and directories.</param>
public readonly record struct ProjectQuota(long? MaxBytes, long? MaxFiles, long UsedBytes, long UsedFiles);
