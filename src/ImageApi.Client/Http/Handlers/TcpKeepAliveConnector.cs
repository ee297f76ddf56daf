#if !NETSTANDARD2_0 // there the handler makes its connections itself
using System.Net.Sockets;

namespace ImageApi.Client.Http.Handlers;

/// <summary>Connects with TCP keep-alive, so that a generation that takes minutes is not cut for its silence.</summary>
internal static class TcpKeepAliveConnector
{
    private const int IdleSeconds = 30;
    private const int IntervalSeconds = 10;

    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, IdleSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, IntervalSeconds);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception)
        {
            socket.Dispose();
            throw;
        }
    }
}
#endif
