using ImageApi.Client.Soak;

// The server runs in a process of its own, so that the heap and the sockets that are counted here are the client's alone.
if (args is ["serve", var serverSeed])
{
    return await FaultyServer.ServeAsync(ulong.Parse(serverSeed, System.Globalization.CultureInfo.InvariantCulture));
}

if (SoakOptions.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync("Usage: --jobs N --seed N|random [--workers N] [--client library|naive]");
    return 2;
}

await using var server = await ServerProcess.StartAsync(options.Seed);
var report = await SoakRun.RunAsync(options, server);
report.Print(Console.Out);
return report.HasPassed(options) ? 0 : 1;
