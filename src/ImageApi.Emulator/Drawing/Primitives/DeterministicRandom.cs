using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ImageApi.Emulator.Drawing.Primitives;

/// <summary>Numbers that look random and follow from a text alone, on every machine and in every version of the runtime.</summary>
internal sealed class DeterministicRandom
{
    private ulong _state;

    public DeterministicRandom(string text, int index)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{text}\0{index}"));
        _state = BinaryPrimitives.ReadUInt64LittleEndian(hash) ^ BinaryPrimitives.ReadUInt64LittleEndian(hash.AsSpan(8));
    }

    private DeterministicRandom(ulong state) => _state = state;

    /// <summary>Numbers of their own for a part of the picture, so that parts do not change one another.</summary>
    public DeterministicRandom Fork(int partIndex) => new(Mix(_state + (0xD1B54A32D192ED03 * (ulong)(partIndex + 1))));

    public float NextSingle()
    {
        _state += 0x9E3779B97F4A7C15;
        return (Mix(_state) >> 40) / (float)(1 << 24);
    }

    public float NextSingle(float minimum, float maximum) => minimum + ((maximum - minimum) * NextSingle());

    public int Pick(int count) => Math.Min(count - 1, (int)(NextSingle() * count));

    public T Pick<T>(IReadOnlyList<T> items) => items[Pick(items.Count)];

    public bool NextBool(float probability) => NextSingle() < probability;

    // SplitMix64, by Sebastiano Vigna (public domain).
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
