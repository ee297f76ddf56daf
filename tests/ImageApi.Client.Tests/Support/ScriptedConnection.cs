using System.Net.Sockets;
using System.Text;

namespace ImageApi.Client.Tests.Support;

/// <summary>One connection of a <see cref="ScriptedServer"/>, in the hands of a script.</summary>
internal sealed class ScriptedConnection(ScriptedServer server, Socket socket, Stream stream, CancellationToken stop) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly MemoryStream _unread = new();

    public bool IsClosed { get; private set; }

    /// <summary>Ends when the server is disposed.</summary>
    public CancellationToken ServerStopped => stop;

    /// <summary>Reads a request's head and leaves its body where it is.</summary>
    public async Task<RecordedRequest> ReadHeadAsync()
    {
        var request = new RecordedRequest(await ReadHeadTextAsync(), []);
        server.Add(request);
        return request;
    }

    /// <summary>Reads a whole request, asking for the body where the client waits to be asked.</summary>
    public async Task<RecordedRequest> ReadRequestAsync()
    {
        var request = new RecordedRequest(await ReadHeadTextAsync(), []);
        if (request.Header("Expect") is not null)
        {
            await SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
        }

        if (request.Header("Content-Length") is { } length)
        {
            request = request with { Body = await ReadUntilAsync(unread => unread.Length >= long.Parse(length) ? int.Parse(length) : -1) };
        }
        else if (request.Header("Transfer-Encoding") is not null)
        {
            request = request with { Body = await ReadUntilAsync(unread => unread.EndsWith("0\r\n\r\n"u8) ? unread.Length : -1) };
        }

        server.Add(request);
        return request;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await stream.WriteAsync(bytes, stop);

    /// <summary>Sends every byte in a packet of its own.</summary>
    public async Task SendByteByByteAsync(ReadOnlyMemory<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            await SendAsync(bytes.Slice(i, 1));
        }
    }

    /// <summary>Says nothing more until the server is disposed.</summary>
    public Task StallAsync() => Task.Delay(Timeout.Infinite, stop);

    /// <summary>Ends the connection as a server that is done with it does.</summary>
    public void Close()
    {
        IsClosed = true;
        stream.Dispose();
        socket.Dispose();
    }

    /// <summary>Tears the connection down.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        Close();
    }

    /// <summary>Waits for the next request on the same connection; false when there comes none.</summary>
    public async Task<bool> WaitForNextRequestAsync() => _unread.Length > 0 || await FillBufferAsync() > 0;

    public void Dispose() => Close();

    private async Task<string> ReadHeadTextAsync()
    {
        var head = await ReadUntilAsync(static unread => unread.IndexOf("\r\n\r\n"u8) is >= 0 and var end ? end + 4 : -1);
        return Encoding.UTF8.GetString(head);
    }

    /// <summary>Takes what <paramref name="findEnd"/> finds to be complete; it answers -1 while more is wanted.</summary>
    private async Task<byte[]> ReadUntilAsync(Func<ReadOnlySpan<byte>, int> findEnd)
    {
        int length;
        while ((length = findEnd(_unread.GetBuffer().AsSpan(0, (int)_unread.Length))) < 0)
        {
            if (await FillBufferAsync() == 0)
            {
                throw new EndOfStreamException();
            }
        }

        var all = _unread.ToArray();
        _unread.SetLength(0);
        _unread.Write(all.AsSpan(length));
        return all[..length];
    }

    private async Task<int> FillBufferAsync()
    {
        var count = await stream.ReadAsync(_buffer, stop);
        _unread.Write(_buffer.AsSpan(0, count));
        server.Add(_buffer.AsSpan(0, count));
        return count;
    }
}
