using Microsoft.Extensions.Hosting;

namespace ImageApi.Emulator.Internal;

/// <summary>Leaves Ctrl+C to the program: the host's own lifetime would take it away from whoever runs the emulator as a library.</summary>
internal sealed class NoopHostLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
