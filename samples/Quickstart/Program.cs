using System.Runtime.InteropServices;
using ImageApi.Client;
using ImageApi.Emulator;
using Quickstart;

Arguments arguments;
ImageApiClientOptions options;
ImageApiEmulator? emulator = null;
try
{
    arguments = Arguments.Parse(args, Environment.GetEnvironmentVariable);
    if (arguments.ShowHelp)
    {
        Console.WriteLine(Arguments.Help);
        return 0;
    }
}
catch (FormatException error)
{
    await Console.Error.WriteLineAsync($"{error.Message} See --help.");
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
var report = new Report();
try
{
    if (arguments.BaseAddress is null)
    {
        emulator = await ImageApiEmulator.StartAsync(cancellationToken: stop.Token);
        options = new ImageApiClientOptions { BaseAddress = emulator.BaseAddress, ApiKey = emulator.ApiKey };
        arguments.VideoModel ??= "emulator-video";
        arguments.AudioModel ??= "emulator-audio";
        report.Start($"the emulator at {emulator.BaseAddress}, which costs nothing");
    }
    else
    {
        options = new ImageApiClientOptions { BaseAddress = arguments.BaseAddress, ApiKey = arguments.ApiKey };
        report.Start($"the server at {arguments.BaseAddress}");
    }

    using var client = new ImageApiClient(options);
    await new Tour(client, report).RunAsync(arguments.VideoModel, arguments.AudioModel, stop.Token);
    report.WriteSummary(emulator?.Ledger);
    return 0;
}
catch (OperationCanceledException cancellation) when (stop.IsCancellationRequested)
{
    report.OnCanceled(cancellation);
    return 130;
}
catch (Exception failure) when (failure is ImageApiException or ArgumentException or IOException or UnauthorizedAccessException)
{
    report.OnFailed(failure);
    return 1;
}
finally
{
    if (emulator is not null)
    {
        await emulator.DisposeAsync();
    }
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
