using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ImageApi.Client.FrameworkSmoke;

/// <summary>One connection of a <see cref="RawServer"/>, in the hands of a script.</summary>
internal sealed class RawConnection(Socket socket, Stream stream)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private byte[] _unread = [];

    public bool IsClosed { get; private set; }

    /// <summary>Reads the next request, with its body unless told otherwise; null when there comes none.</summary>
    public async Task<RawRequest?> ReadAsync(bool withBody)
    {
        var head = await ReadUntilAsync(static unread => Encoding.ASCII.GetString(unread).IndexOf("\r\n\r\n", StringComparison.Ordinal) is >= 0 and var end ? end + 4 : -1);
        if (head is null)
        {
            return null;
        }

        var lines = Encoding.ASCII.GetString(head);
        var request = new RawRequest(lines, string.Empty);
        if (!withBody)
        {
            return request;
        }

        if (request.Header("Expect") is not null)
        {
            await SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
        }

        byte[]? body = [];
        if (request.Header("Content-Length") is { } length)
        {
            var count = int.Parse(length, CultureInfo.InvariantCulture);
            body = await ReadUntilAsync(unread => unread.Length >= count ? count : -1);
        }
        else if (request.Header("Transfer-Encoding") is not null)
        {
            body = await ReadUntilAsync(static unread => Encoding.ASCII.GetString(unread).EndsWith("0\r\n\r\n", StringComparison.Ordinal) ? unread.Length : -1);
        }

        return body is null ? null : new RawRequest(lines, Encoding.UTF8.GetString(body));
    }

    public async Task SendAsync(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        await stream.WriteAsync(bytes, 0, bytes.Length);
    }

    /// <summary>Ends the connection as a server that is done with it does.</summary>
    public void Close()
    {
        IsClosed = true;
        stream.Dispose();
    }

    /// <summary>Tears the connection down.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        Close();
    }

    /// <summary>Takes what <paramref name="findEnd"/> finds to be complete; it answers -1 while more is wanted.</summary>
    private async Task<byte[]?> ReadUntilAsync(Func<byte[], int> findEnd)
    {
        int length;
        while ((length = findEnd(_unread)) < 0)
        {
            var count = await stream.ReadAsync(_buffer, 0, _buffer.Length);
            if (count == 0)
            {
                return null;
            }

            _unread = [.. _unread, .. _buffer.Take(count)];
        }

        var bytes = _unread.Take(length).ToArray();
        _unread = _unread.Skip(length).ToArray();
        return bytes;
    }
}
