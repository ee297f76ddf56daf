using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ImageApi.Emulator.Media;

/// <summary>Combines PNG images of one size into an animated PNG that loops forever.</summary>
internal sealed class AnimatedPngWriter
{
    private const int SignatureLength = 8;
    private const int ChunkOverhead = 12;

    private readonly ArrayBufferWriter<byte> _file = new();
    private readonly int _width;
    private readonly int _height;
    private readonly TimeSpan _frameTime;
    private int _sequence;
    private int _framesAdded;

    public AnimatedPngWriter(int width, int height, int frameCount, TimeSpan frameTime)
    {
        _width = width;
        _height = height;
        _frameTime = frameTime;
        FrameCount = frameCount;
    }

    public int FrameCount { get; }

    public void AddFrame(ReadOnlySpan<byte> png)
    {
        if (_framesAdded == 0)
        {
            _file.Write(png[..SignatureLength]);
        }

        for (var remaining = png[SignatureLength..]; remaining.Length >= ChunkOverhead;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(remaining);
            CopyChunk(Encoding.ASCII.GetString(remaining.Slice(4, 4)), remaining.Slice(8, length));
            remaining = remaining[(length + ChunkOverhead)..];
        }

        _framesAdded++;
    }

    public byte[] ToArray()
    {
        WriteChunk("IEND", []);
        return _file.WrittenSpan.ToArray();
    }

    private void CopyChunk(string type, ReadOnlySpan<byte> data)
    {
        switch (type)
        {
            case "IHDR":
                if (_framesAdded == 0)
                {
                    WriteChunk(type, data);
                    Span<byte> control = stackalloc byte[8];
                    BinaryPrimitives.WriteInt32BigEndian(control, FrameCount);
                    WriteChunk("acTL", control);
                }

                WriteFrameControl();
                break;

            // The first frame is also what a reader shows that knows no animation.
            case "IDAT" when _framesAdded == 0:
                WriteChunk(type, data);
                break;
            case "IDAT":
                var frame = new byte[data.Length + 4];
                BinaryPrimitives.WriteInt32BigEndian(frame, _sequence++);
                data.CopyTo(frame.AsSpan(4));
                WriteChunk("fdAT", frame);
                break;
            default:
                break;
        }
    }

    private void WriteFrameControl()
    {
        Span<byte> control = stackalloc byte[26];
        control.Clear();
        BinaryPrimitives.WriteInt32BigEndian(control, _sequence++);
        BinaryPrimitives.WriteInt32BigEndian(control[4..], _width);
        BinaryPrimitives.WriteInt32BigEndian(control[8..], _height);
        BinaryPrimitives.WriteInt16BigEndian(control[20..], (short)_frameTime.TotalMilliseconds);
        BinaryPrimitives.WriteInt16BigEndian(control[22..], 1000);
        WriteChunk("fcTL", control);
    }

    private void WriteChunk(string type, ReadOnlySpan<byte> data)
    {
        Span<byte> buffer = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(buffer, data.Length);
        _file.Write(buffer);
        var name = Encoding.ASCII.GetBytes(type);
        _file.Write(name);
        _file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(buffer, PngCrc.Compute(name, data));
        _file.Write(buffer);
    }
}
