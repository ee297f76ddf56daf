using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ImageApi.Client.Tests.Support;

/// <summary>One connection at a <see cref="RawServer"/>.</summary>
internal sealed class RawConnection(NetworkStream stream, RawServer server, CancellationToken stop)
{
    public CancellationToken ServerStopped => stop;

    /// <summary>Reads up to the empty line behind the headers, and not a byte further.</summary>
    public async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append((char)(await ReadAsync(1))[0]);
        }

        return head.ToString();
    }

    /// <summary>Reads a whole request, of either framing; says "go on" to a caller who waits for it.</summary>
    public async Task<RawRequest> ReadRequestAsync()
    {
        var request = new RawRequest(await ReadHeadAsync(), []);
        if (request.Header("Expect") is not null)
        {
            await WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
        }

        if (request.Header("Content-Length") is { } length)
        {
            request = request with { Body = await ReadAsync(int.Parse(length, CultureInfo.InvariantCulture)) };
        }
        else if (request.Header("Transfer-Encoding") is not null)
        {
            request = request with { Body = await ReadChunksAsync() };
        }

        server.Requests.Enqueue(request);
        return request;
    }

    public async Task WriteAsync(byte[] bytes)
    {
        await stream.WriteAsync(bytes, stop);
        await stream.FlushAsync(stop);
    }

    /// <summary>Waits until the peer has closed the connection.</summary>
    public async Task WaitForCloseAsync()
    {
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer, stop) > 0)
        {
            // what still comes does not matter
        }
    }

    /// <summary>Reads that many bytes and keeps none.</summary>
    public async Task SkipAsync(long count)
    {
        var buffer = new byte[256 * 1024];
        while (count > 0)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(count, buffer.Length)), stop);
            count -= read > 0 ? read : throw new EndOfStreamException();
        }
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, stop);
        return bytes;
    }

    private async Task<byte[]> ReadChunksAsync()
    {
        var body = new MemoryStream();
        while (true)
        {
            var line = new StringBuilder();
            while (!line.ToString().EndsWith("\r\n", StringComparison.Ordinal))
            {
                line.Append((char)(await ReadAsync(1))[0]);
            }

            var size = int.Parse(line.ToString().Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            await body.WriteAsync(await ReadAsync(size), stop);
            await ReadAsync(2);
            if (size == 0)
            {
                return body.ToArray();
            }
        }
    }
}
