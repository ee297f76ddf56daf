using ImageApi.Emulator;

namespace ImageApi.Client.Soak;

/// <summary>The emulator with the plan's faults, as a process that is talked to over its standard input and output.</summary>
internal static class FaultyServer
{
    public const string Calm = "calm";
    public const string Report = "report";
    public const string End = "end";

    public static async Task<int> ServeAsync(ulong seed)
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions
        {
            JobDuration = TimeSpan.Zero,
            JobPolls = 2,
            DrawTinyPictures = true,
            KeepRequests = false,
        });
        emulator.Faults.Decide = new FaultPlan(seed).Decide;
        Console.WriteLine($"address {emulator.BaseAddress}");
        Console.WriteLine($"key {emulator.ApiKey}");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line == Calm)
            {
                emulator.Faults.Clear();
            }
            else if (line == Report)
            {
                foreach (var (prompt, count) in emulator.Ledger.ChargesByPrompt)
                {
                    Console.WriteLine($"{prompt}\t{count}");
                }
            }

            Console.WriteLine(End);
        }

        return 0;
    }
}
