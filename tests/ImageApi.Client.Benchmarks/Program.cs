using System.Globalization;
using BenchmarkDotNet.Running;
using ImageApi.Client.Benchmarks;
using ImageApi.Client.Benchmarks.Measuring;
using ImageApi.Client.Benchmarks.Reporting;
using ImageApi.Client.Benchmarks.Serving;

switch (args)
{
    case ["ratios"]:
        return await Ratios.RunAsync(quick: false);
    case ["ratios", "--quick"]:
        return await Ratios.RunAsync(quick: true);
    case ["chart", var file]:
        return await Chart.DrawAsync(file);
    case ["micro", .. var filter]:
        BenchmarkSwitcher.FromTypes([typeof(SmallCallBenchmarks)]).Run(filter is [] ? ["--filter", "*"] : filter);
        return 0;
    case ["serve"]:
        return await BenchServer.ServeAsync();
    case ["measure", var name, var client, var server, var folder, var bytes] when Workload.All.FirstOrDefault(workload => workload.Name == name) is { } workload:
        return await Worker.RunAsync(workload, client, new Uri(server), folder, long.Parse(bytes, CultureInfo.InvariantCulture));
    default:
        await Console.Error.WriteLineAsync(
            $"""
            ratios [--quick]   measures every target of the library against its peers, and ends with a line for each
            chart FILE         measures memory against the size of an image, and draws it as SVG
            micro              measures a small call without a network, with BenchmarkDotNet
            serve              serves on a port of its own until the input ends; the address is the first line of output
            measure WORKLOAD CLIENT ADDRESS FOLDER BYTES
                               runs a client against a server: once for every line of input. Workloads: {string.Join(", ", Workload.All.Select(static workload => workload.Name))}
            """);
        return 2;
}
