using System.Buffers.Binary;
using ImageApi.Emulator.Drawing.Primitives;

namespace ImageApi.Emulator.Media;

/// <summary>A few seconds of a plucked tune in a pentatonic scale, as 16-bit mono WAV.</summary>
internal static class MelodyRenderer
{
    private const int SampleRate = 16000;
    private const int HeaderLength = 44;

    private static readonly int[] Scale = [0, 2, 4, 7, 9];

    public static byte[] Render(DeterministicRandom random, bool tiny)
    {
        var notes = tiny ? 1 : 14;
        var noteLength = (int)(SampleRate * (tiny ? 0.02f : random.NextSingle(0.2f, 0.3f)));
        var samples = new float[(notes * noteLength) + (tiny ? 0 : SampleRate)];
        var root = random.NextSingle(200, 300);
        var step = random.Pick(10);
        for (var note = 0; note < notes; note++)
        {
            step = Math.Clamp(step + random.Pick(5) - 2, 0, 12);
            var pitch = root * MathF.Pow(2, ((Scale[step % Scale.Length] / 12f) + (step / Scale.Length)));
            AddTone(samples, note * noteLength, pitch, note % 4 == 0 ? 0.34f : 0.24f);
            if (note % 4 == 0)
            {
                AddTone(samples, note * noteLength, root / 2, 0.22f);
            }
        }

        return EncodeWav(samples);
    }

    private static void AddTone(float[] samples, int start, float pitch, float amplitude)
    {
        for (var index = start; index < Math.Min(samples.Length, start + SampleRate); index++)
        {
            var time = (index - start) / (float)SampleRate;
            var envelope = Math.Min(1, time * 220) * MathF.Exp(-time * 4.2f);
            var angle = MathF.Tau * pitch * time;
            samples[index] += amplitude * envelope * (MathF.Sin(angle) + (0.35f * MathF.Sin(angle * 2)) + (0.12f * MathF.Sin(angle * 3)));
        }
    }

    private static byte[] EncodeWav(float[] samples)
    {
        var file = new byte[HeaderLength + (samples.Length * 2)];
        var span = file.AsSpan();
        "RIFF"u8.CopyTo(span);
        BinaryPrimitives.WriteInt32LittleEndian(span[4..], file.Length - 8);
        "WAVEfmt "u8.CopyTo(span[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(span[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(span[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(span[24..], SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(span[28..], SampleRate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(span[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(span[34..], 16);
        "data"u8.CopyTo(span[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[40..], samples.Length * 2);
        for (var index = 0; index < samples.Length; index++)
        {
            // Past full loudness the curve bends instead of breaking.
            BinaryPrimitives.WriteInt16LittleEndian(span[(HeaderLength + (index * 2))..], (short)(MathF.Tanh(samples[index]) * 32000));
        }

        return file;
    }
}
