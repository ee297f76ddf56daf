using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ImageApi.Emulator.Media;

/// <summary>Puts PNG pictures of one size together to an animated PNG that runs for ever.</summary>
internal sealed class AnimatedPng
{
    private const int SignatureLength = 8;
    private const int ChunkOverhead = 12;

    private readonly ArrayBufferWriter<byte> _file = new();
    private readonly int _width;
    private readonly int _height;
    private readonly TimeSpan _frameTime;
    private int _sequence;
    private int _added;

    public AnimatedPng(int width, int height, int frames, TimeSpan frameTime)
    {
        _width = width;
        _height = height;
        _frameTime = frameTime;
        Frames = frames;
    }

    public int Frames { get; }

    public void Add(ReadOnlySpan<byte> png)
    {
        if (_added == 0)
        {
            _file.Write(png[..SignatureLength]);
        }

        for (var rest = png[SignatureLength..]; rest.Length >= ChunkOverhead;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            Take(Encoding.ASCII.GetString(rest.Slice(4, 4)), rest.Slice(8, length));
            rest = rest[(length + ChunkOverhead)..];
        }

        _added++;
    }

    public byte[] ToArray()
    {
        Chunk("IEND", []);
        return _file.WrittenSpan.ToArray();
    }

    private void Take(string type, ReadOnlySpan<byte> data)
    {
        switch (type)
        {
            case "IHDR":
                if (_added == 0)
                {
                    Chunk(type, data);
                    Span<byte> control = stackalloc byte[8];
                    BinaryPrimitives.WriteInt32BigEndian(control, Frames);
                    Chunk("acTL", control);
                }

                FrameControl();
                break;

            // The first frame is also what a reader shows that knows no animation.
            case "IDAT" when _added == 0:
                Chunk(type, data);
                break;
            case "IDAT":
                var frame = new byte[data.Length + 4];
                BinaryPrimitives.WriteInt32BigEndian(frame, _sequence++);
                data.CopyTo(frame.AsSpan(4));
                Chunk("fdAT", frame);
                break;
            default:
                break;
        }
    }

    private void FrameControl()
    {
        Span<byte> control = stackalloc byte[26];
        control.Clear();
        BinaryPrimitives.WriteInt32BigEndian(control, _sequence++);
        BinaryPrimitives.WriteInt32BigEndian(control[4..], _width);
        BinaryPrimitives.WriteInt32BigEndian(control[8..], _height);
        BinaryPrimitives.WriteInt16BigEndian(control[20..], (short)_frameTime.TotalMilliseconds);
        BinaryPrimitives.WriteInt16BigEndian(control[22..], 1000);
        Chunk("fcTL", control);
    }

    private void Chunk(string type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        _file.Write(number);
        var name = Encoding.ASCII.GetBytes(type);
        _file.Write(name);
        _file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, PngCrc.Of(name, data));
        _file.Write(number);
    }
}
