using System.Text;

namespace Isolation.Cgroups.Files;

/// <summary>The keys of a file that are read, each with its place among the values.</summary>
internal sealed class KeyTable(params string[] keys)
{
    private readonly byte[][] _keys = [.. keys.Select(Encoding.ASCII.GetBytes)];

    /// <summary>How many there are.</summary>
    public int Count => _keys.Length;

    /// <summary>The place of a key, looked for from the expected one on; -1 when it is not known.</summary>
    public int IndexOf(ReadOnlySpan<byte> key, ref int expected)
    {
        for (int i = 0; i < _keys.Length; i++)
        {
            int place = expected + i < _keys.Length ? expected + i : expected + i - _keys.Length;
            if (key.SequenceEqual(_keys[place]))
            {
                expected = place + 1 == _keys.Length ? 0 : place + 1;
                return place;
            }
        }

        return -1;
    }
}
