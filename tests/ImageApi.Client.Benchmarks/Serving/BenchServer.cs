using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ImageApi.Client.Benchmarks.Serving;

/// <summary>
/// The least server that can answer: bare sockets, a thread for each connection, every answer ready before it is asked for. A real one
/// would be slower than the clients, and hide them.
/// </summary>
internal sealed class BenchServer
{
    /// <summary>The key with which every upload is refused.</summary>
    public const string RefusedKey = "sk-refused";

    private readonly Lock _gate = new();
    private long _uploaded;
    private int _uploading;

    /// <summary>Serves until the input ends, which it does with the process that asked for it.</summary>
    public static async Task<int> ServeAsync()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}/"));
        var server = new BenchServer();
        new Thread(() => server.Accept(listener)) { IsBackground = true }.Start();
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public void UploadBegins()
    {
        lock (_gate)
        {
            _uploading++;
        }
    }

    public void UploadEnds(long bodyBytes)
    {
        lock (_gate)
        {
            _uploading--;
            _uploaded += bodyBytes;
        }
    }

    /// <summary>Waits until no upload is under way, and tells how many bytes of bodies came since it was last asked.</summary>
    public long TakeUploaded()
    {
        var patience = new SpinWait();
        while (true)
        {
            lock (_gate)
            {
                if (_uploading == 0)
                {
                    var bytes = _uploaded;
                    _uploaded = 0;
                    return bytes;
                }
            }

            patience.SpinOnce();
        }
    }

    private void Accept(Socket listener)
    {
        try
        {
            while (true)
            {
                var connection = new Connection(this, listener.Accept());
                new Thread(connection.Run, maxStackSize: 256 * 1024) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // the process ends
        }
    }
}
