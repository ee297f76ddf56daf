using System.Net;
using System.Net.Sockets;

namespace ImageApi.Client.FrameworkSmoke;

/// <summary>What a <see cref="RawServer"/> does when a request has come.</summary>
internal delegate Task Exchange(RawConnection connection, RawRequest request);

/// <summary>A server on a bare socket that does what its script says, however wrong, and counts what came.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<RawRequest> _requests = [];
    private readonly List<RawConnection> _connections = [];
    private readonly Exchange[] _script;
    private readonly bool _readsBodies;
    private int _exchanges;

    private RawServer(Exchange[] script, bool readsBodies)
    {
        _script = script;
        _readsBodies = readsBodies;
        _listener.Start();
        BaseAddress = new Uri($"http://{_listener.LocalEndpoint}/");
        _ = AcceptAsync();
    }

    public Uri BaseAddress { get; }

    public IReadOnlyList<RawRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public int Connections
    {
        get
        {
            lock (_connections)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Starts a server.</summary>
    /// <param name="script">What to do with one request after the other; the last is repeated for ever.</param>
    public static RawServer Start(params Exchange[] script) => new(script, readsBodies: true);

    /// <summary>Starts a server that answers when it has read the head of a request.</summary>
    public static RawServer StartRespondingBeforeBody(params Exchange[] script) => new(script, readsBodies: false);

    /// <summary>Finds an address where nobody listens.</summary>
    public static Uri UnusedAddress()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://{listener.LocalEndpoint}/");
        listener.Stop();
        return address;
    }

    public static Exchange CreateResponse(int status, string body, params string[] headers) => (connection, _) => connection.SendAsync(FormatResponse(status, body, body.Length, headers));

    /// <summary>Answers with a part of what is promised.</summary>
    public static Exchange TruncatedResponse(int status, string body, int contentLength, params string[] headers) => async (connection, _) =>
    {
        await connection.SendAsync(FormatResponse(status, body, contentLength, headers));
        connection.Close();
    };

    /// <summary>Answers with a part of what is promised, and then says nothing more.</summary>
    public static Exchange StalledResponse(int status, string body, int contentLength) => (connection, _) => connection.SendAsync(FormatResponse(status, body, contentLength, []));

    public static Exchange CloseConnection => (connection, _) =>
    {
        connection.Close();
        return Task.CompletedTask;
    };

    public static Exchange ResetConnection => (connection, _) =>
    {
        connection.Reset();
        return Task.CompletedTask;
    };

    public static Exchange NoResponse => (_, _) => Task.CompletedTask;

    public void Dispose()
    {
        _listener.Stop();
        lock (_connections)
        {
            _connections.ForEach(connection => connection.Close());
        }
    }

    private static string FormatResponse(int status, string body, int length, string[] headers) =>
        $"HTTP/1.1 {status} Any\r\nContent-Type: {(body.StartsWith("{", StringComparison.Ordinal) ? "application/json" : "image/png")}\r\nContent-Length: {length}\r\n"
        + $"{string.Concat(headers.Select(header => header + "\r\n"))}\r\n{body}";

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync();
                socket.NoDelay = true;
                var connection = new RawConnection(socket, new NetworkStream(socket, ownsSocket: true));
                lock (_connections)
                {
                    _connections.Add(connection);
                }

                _ = ServeAsync(connection);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // disposed
        }
    }

    private async Task ServeAsync(RawConnection connection)
    {
        try
        {
            while (!connection.IsClosed && await connection.ReadAsync(_readsBodies) is { } request)
            {
                lock (_requests)
                {
                    _requests.Add(request);
                }

                await _script[Math.Min(Interlocked.Increment(ref _exchanges), _script.Length) - 1](connection, request);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // the client went away
        }
    }
}
