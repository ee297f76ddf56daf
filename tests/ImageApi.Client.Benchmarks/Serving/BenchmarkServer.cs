using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ImageApi.Client.Benchmarks.Serving;

/// <summary>
/// The least server that can answer: bare sockets, a thread for each connection, every answer ready before it is asked for. A real one
/// would be slower than the clients, and hide them.
/// </summary>
internal sealed class BenchmarkServer
{
    /// <summary>The key with which every upload is refused.</summary>
    public const string InvalidApiKey = "sk-refused";

    private readonly Lock _lock = new();
    private long _uploadedBytes;
    private int _activeUploads;

    /// <summary>Serves until the input ends, which it does with the process that asked for it.</summary>
    public static async Task<int> ServeAsync()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}/"));
        var server = new BenchmarkServer();
        new Thread(() => server.Accept(listener)) { IsBackground = true }.Start();
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public void BeginUpload()
    {
        lock (_lock)
        {
            _activeUploads++;
        }
    }

    public void EndUpload(long bodyBytes)
    {
        lock (_lock)
        {
            _activeUploads--;
            _uploadedBytes += bodyBytes;
        }
    }

    /// <summary>Waits until no upload is under way, and tells how many bytes of bodies came since it was last asked.</summary>
    public long TakeUploadedBytes()
    {
        var spinWait = new SpinWait();
        while (true)
        {
            lock (_lock)
            {
                if (_activeUploads == 0)
                {
                    var bytes = _uploadedBytes;
                    _uploadedBytes = 0;
                    return bytes;
                }
            }

            spinWait.SpinOnce();
        }
    }

    private void Accept(Socket listener)
    {
        try
        {
            while (true)
            {
                var connection = new ServerConnection(this, listener.Accept());
                new Thread(connection.Run, maxStackSize: 256 * 1024) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // the process ends
        }
    }
}
