using ImageApi.Emulator;

namespace ImageApi.Client.Soak;

/// <summary>The emulator with the plan's faults, as a process that is talked to over its standard input and output.</summary>
internal static class FaultyServer
{
    public const string ClearFaultsCommand = "clear-faults";
    public const string ReportChargesCommand = "report-charges";
    public const string EndOfOutput = "end";

    public static async Task<int> ServeAsync(ulong seed)
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions
        {
            JobDuration = TimeSpan.Zero,
            JobPolls = 2,
            DrawTinyImages = true,
            RecordRequests = false,
        });
        emulator.Faults.Decide = new FaultPlan(seed).Decide;
        Console.WriteLine($"address {emulator.BaseAddress}");
        Console.WriteLine($"api-key {emulator.ApiKey}");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line == ClearFaultsCommand)
            {
                emulator.Faults.Clear();
            }
            else if (line == ReportChargesCommand)
            {
                foreach (var (prompt, count) in emulator.Ledger.ChargesByPrompt)
                {
                    Console.WriteLine($"{prompt}\t{count}");
                }
            }

            Console.WriteLine(EndOfOutput);
        }

        return 0;
    }
}
