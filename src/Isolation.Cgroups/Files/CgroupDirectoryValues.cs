using System.Globalization;
using Isolation.Syscalls;

namespace Isolation.Cgroups.Files;

/// <summary>Files with one value.</summary>
internal static class CgroupDirectoryValues
{
    extension(CgroupDirectory directory)
    {
        public CgroupLimit ReadLimit(string file) => Parse(directory, file, static t => CgroupLimit.Parse(t));

        public void WriteLimit(string file, CgroupLimit value) => directory.Write(file, value.ToString());

        public long ReadNumber(string file) => Parse(directory, file, static t => CgroupLimit.Parse(t).Value ?? throw new FormatException());

        public void WriteNumber(string file, long value) => directory.Write(file, value.ToString(CultureInfo.InvariantCulture));

        public bool ReadBoolean(string file) => Parse(directory, file, static t => t switch { "0" => false, "1" => true, _ => throw new FormatException() });

        public void WriteBoolean(string file, bool value) => directory.Write(file, value ? "1" : "0");

        /// <summary>Makes a value of a file's text; what is no such value is an error that shows it.</summary>
        public T Parse<T>(string file, Func<string, T> parse)
        {
            string text = directory.Read(file);
            try
            {
                return parse(text);
            }
            catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
            {
                throw Hints.Failure("read", directory.Path, file, null, Errno.EBADMSG, null, $"The kernel says '{text}', which is not understood");
            }
        }
    }
}
