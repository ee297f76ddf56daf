using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace ImageApi.Client.Benchmarks.Serving;

/// <summary>Reads requests from a socket, looks at the beginnings of their bodies, and drops the rest.</summary>
internal sealed class RequestReader(Socket socket)
{
    /// <summary>A prompt with this and a number asks for a picture of so many bytes, as base64.</summary>
    public const string NoisePromptPrefix = "noise-";

    private readonly byte[] _buffer = new byte[1024 * 1024];
    private int _start;
    private int _end;

    /// <summary>Gets the size of the picture that the last request wants; null when a link is to be given.</summary>
    public long? RequestedNoiseBytes { get; private set; }

    private ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    public RequestHead? ReadHead()
    {
        RequestedNoiseBytes = null;
        int length;
        while ((length = Unread.IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!Receive())
            {
                return null;
            }
        }

        var head = RequestHead.Parse(Encoding.ASCII.GetString(Unread[..length]));
        _start += length + 4;
        return head;
    }

    /// <summary>Reads over the body.</summary>
    /// <returns>How long it was.</returns>
    public long SkipBody(RequestHead head)
    {
        if (!head.IsChunked)
        {
            Skip(head.Length ?? 0);
            return head.Length ?? 0;
        }

        var total = 0L;
        while (ReadChunkLength() is > 0 and var length)
        {
            Skip(length);
            Skip(2);
            total += length;
        }

        Skip(2);
        return total;
    }

    /// <summary>Reads until the client closes.</summary>
    public long SkipToEnd()
    {
        var total = (long)Unread.Length;
        int count;
        while ((count = socket.Receive(_buffer)) > 0)
        {
            total += count;
        }

        _start = _end = 0;
        return total;
    }

    private void Skip(long count)
    {
        while (count > 0)
        {
            if (_start == _end && !Receive())
            {
                throw new SocketException((int)SocketError.ConnectionReset);
            }

            var chunk = Unread[..(int)Math.Min(count, _end - _start)];
            RequestedNoiseBytes ??= FindNoiseSize(chunk[..Math.Min(chunk.Length, 4096)]);
            _start += chunk.Length;
            count -= chunk.Length;
        }
    }

    private long ReadChunkLength()
    {
        int end;
        while ((end = Unread.IndexOf("\r\n"u8)) < 0)
        {
            if (!Receive())
            {
                throw new SocketException((int)SocketError.ConnectionReset);
            }
        }

        var isNumber = Utf8Parser.TryParse(Unread[..end], out long length, out _, 'x');
        _start += end + 2;
        return isNumber ? length : throw new SocketException((int)SocketError.ProtocolNotSupported);
    }

    private static long? FindNoiseSize(ReadOnlySpan<byte> text)
    {
        var index = text.IndexOf("noise-"u8);
        return index >= 0 && Utf8Parser.TryParse(text[(index + NoisePromptPrefix.Length)..], out long bytes, out _) ? bytes : null;
    }

    private bool Receive()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_end == _buffer.Length)
        {
            Unread.CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        var count = socket.Receive(_buffer, _end, _buffer.Length - _end, SocketFlags.None);
        _end += count;
        return count > 0;
    }
}
