using System.Globalization;
using BenchmarkDotNet.Running;
using ImageApi.Client.Benchmarks;
using ImageApi.Client.Benchmarks.Measuring;
using ImageApi.Client.Benchmarks.Reporting;
using ImageApi.Client.Benchmarks.Serving;

switch (args)
{
    case ["ratios"]:
        return await RatioReport.RunAsync(quick: false);
    case ["ratios", "--quick"]:
        return await RatioReport.RunAsync(quick: true);
    case ["chart", var file]:
        return await MemoryChart.DrawAsync(file);
    case ["micro", .. var filter]:
        BenchmarkSwitcher.FromTypes([typeof(SmallCallBenchmarks)]).Run(filter is [] ? ["--filter", "*"] : filter);
        return 0;
    case ["serve"]:
        return await BenchmarkServer.ServeAsync();
    case ["measure", var name, var client, var server, var folder, var bytes] when Workload.All.FirstOrDefault(workload => workload.Name == name) is { } workload:
        return await BenchmarkWorker.RunAsync(workload, client, new Uri(server), folder, long.Parse(bytes, CultureInfo.InvariantCulture));
    default:
        await Console.Error.WriteLineAsync(
            $"""
            ratios [--quick]   measures all performance targets against the other clients and prints one RATIO line per target
            chart FILE         measures peak memory by image size and writes an SVG chart
            micro              runs BenchmarkDotNet on a small request without a network
            serve              runs the benchmark server on a free port until standard input closes; prints the address first
            measure WORKLOAD CLIENT ADDRESS FOLDER BYTES
                               runs a workload once per line of standard input. Workloads: {string.Join(", ", Workload.All.Select(static workload => workload.Name))}
            """);
        return 2;
}
