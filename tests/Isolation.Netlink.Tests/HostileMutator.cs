using System.Buffers.Binary;
using System.Diagnostics;
using Isolation.Syscalls;

namespace Isolation.Netlink.Tests;

/// <summary>Changes messages a little, and gives them to a reader in memory that ends where the message does.</summary>
internal sealed class HostileMutator(IReadOnlyList<byte[]> seeds, int seed)
{
    // One mutant takes microseconds. What takes this long does not end in bounded time.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    // What a length may be that was never checked.
    private static readonly ushort[] s_lengths = [0, 1, 2, 3, 4, 5, 7, 8, 12, 16, 17, 255, 256, 4096, 32767, 32768, 65532, 65535];

    private readonly Random _random = new(seed);
    private readonly byte[] _scratch = new byte[1 << 17];

    /// <summary>Values that came of mutants.</summary>
    public int Values { get; private set; }

    /// <summary>Typed errors that came of them.</summary>
    public int Errors { get; private set; }

    /// <summary>Gives mutants to a reader. Anything but a value or EBADMSG fails the test.</summary>
    public void Run(HostileReader reader, int count)
    {
        using var memory = new GuardedMemory();
        for (int i = 0; i < count; i++)
        {
            Span<byte> mutant = Mutate();
            ReadOnlySpan<byte> placed = memory.Place(mutant);
            long start = Stopwatch.GetTimestamp();
            try
            {
                reader.Read(placed);
                Values++;
            }
            catch (NetlinkException e) when (e.Errno == Errno.EBADMSG)
            {
                Errors++;
            }
            catch (Exception e)
            {
                Assert.Fail($"{reader.Name}, mutant {i} of {seed}: {e.GetType().Name} instead of EBADMSG\n{Convert.ToHexString(placed)}\n{e}");
            }

            if (Stopwatch.GetElapsedTime(start) > s_patience)
                Assert.Fail($"{reader.Name}, mutant {i} of {seed} took {Stopwatch.GetElapsedTime(start)}.\n{Convert.ToHexString(placed)}");
        }
    }

    private Span<byte> Mutate()
    {
        byte[] message = seeds[_random.Next(seeds.Count)];
        message.CopyTo(_scratch, 0);
        int length = message.Length;
        for (int changes = 1 + _random.Next(3); changes > 0; changes--)
            length = Change(length);
        return _scratch.AsSpan(0, length);
    }

    private int Change(int length)
    {
        if (length < 4)
            return Append(length);
        switch (_random.Next(8))
        {
            case 0:
                _scratch[_random.Next(length)] ^= (byte)(1 << _random.Next(8));
                return length;
            case 1:
                _scratch[_random.Next(length)] = (byte)_random.Next();
                return length;
            case 2 or 3:
                // Headers are aligned, and begin with the length or are the type after it.
                BinaryPrimitives.WriteUInt16LittleEndian(_scratch.AsSpan(_random.Next(length / 4) * 4 + (_random.Next(4) == 0 ? 2 : 0)), s_lengths[_random.Next(s_lengths.Length)]);
                return length;
            case 4:
                return _random.Next(length + 1);
            case 5:
                // A length that is a little wrong.
                Span<byte> place = _scratch.AsSpan(_random.Next(length / 4) * 4);
                BinaryPrimitives.WriteUInt16LittleEndian(place, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(place) + _random.Next(-5, 6)));
                return length;
            case 6:
                // The end of another message at this one's.
                byte[] other = seeds[_random.Next(seeds.Count)];
                int from = other.Length / 4 > 0 ? _random.Next(other.Length / 4) * 4 : 0, at = _random.Next(length / 4) * 4;
                int taken = Math.Min(other.Length - from, (1 << 16) - at);
                other.AsSpan(from, taken).CopyTo(_scratch.AsSpan(at));
                return at + taken;
            default:
                return Append(length);
        }
    }

    private int Append(int length)
    {
        int added = Math.Min(1 + _random.Next(20), (1 << 16) - length);
        if (added <= 0)
            return length;
        _random.NextBytes(_scratch.AsSpan(length, added));
        return length + added;
    }
}
