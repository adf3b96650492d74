namespace Isolation.Fs;

/// <summary>What becomes of an entry that has the new name already (rename(2)).</summary>
public enum RenameMode
{
    /// <summary>It is replaced: a file by a file, an empty directory by a directory.</summary>
    Replace,

    /// <summary>It stays, and the rename fails (EEXIST).</summary>
    NoReplace,

    /// <summary>Both change their names, in one step.</summary>
    Exchange,
}
