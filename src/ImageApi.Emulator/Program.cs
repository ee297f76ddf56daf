using System.Runtime.InteropServices;
using ImageApi.Emulator;
using ImageApi.Emulator.Internal;

var command = CommandLineArguments.Parse(args);
if (command.Message is { } message)
{
    await (command.ExitCode == 0 ? Console.Out : Console.Error).WriteLineAsync(message);
    return command.ExitCode;
}

using var stop = new SemaphoreSlim(0);
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Release();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    await using var emulator = await ImageApiEmulator.StartAsync(command.Options);
    await Console.Out.WriteLineAsync($"address {emulator.BaseAddress.GetLeftPart(UriPartial.Authority)}");
    await Console.Out.WriteLineAsync($"key {emulator.ApiKey}");
    await stop.WaitAsync();
    return 0;
}
catch (IOException exception)
{
    await Console.Error.WriteLineAsync($"Cannot listen on {command.Options.Address}:{command.Options.Port}: {exception.GetBaseException().Message}");
    return 1;
}
