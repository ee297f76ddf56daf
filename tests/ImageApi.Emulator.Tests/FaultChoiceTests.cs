using System.Collections.Concurrent;
using ImageApi.Emulator.Tests.Support;

namespace ImageApi.Emulator.Tests;

public sealed class FaultChoiceTests
{
    [Fact]
    public async Task Queued_faults_are_met_in_order()
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.Next(EmulatorEndpoint.JobSubmission, EmulatorFault.Status(500), null, EmulatorFault.Status(503));

        Assert.Equal([500, 200, 503, 200], await StatusesAsync(caller, "a", "b", "c", "d"));
    }

    [Fact]
    public async Task Marked_faults_are_counted_per_prompt()
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.For("#1", EmulatorEndpoint.JobSubmission, EmulatorFault.Status(429), EmulatorFault.Status(503));

        Assert.Equal([429, 200, 503, 200], await StatusesAsync(caller, "a #1", "b", "a #1", "a #1"));
    }

    [Fact]
    public async Task Decision_knows_the_request()
    {
        await using var caller = await Caller.StartAsync(Caller.Quick(options => options.DrawTinyPictures = true));
        var seen = new ConcurrentQueue<string>();
        caller.Emulator.Faults.Decide = about =>
        {
            seen.Enqueue($"{about.Endpoint} {about.Prompt} {about.Attempt} {about.JobId is not null} {about.Header("X-Mark")} {about.Header("Authorization")}");
            return null;
        };
        caller.Http.DefaultRequestHeaders.Add("X-Mark", "m");

        await caller.SubmitAsync("fox");
        var id = (await caller.SubmitJsonAsync("fox")).GetProperty("id").GetString()!;
        await caller.QueryAsync(id);
        var done = await caller.QueryAsync(id);
        await caller.Http.GetByteArrayAsync(done.GetProperty("output").GetProperty("images")[0].GetProperty("url").GetString());

        Assert.Equal(
            ["JobSubmission fox 1 False m ", "JobSubmission fox 2 False m ", "JobQuery fox 1 True m ", "JobQuery fox 2 True m ", "MediaDownload fox 1 True m "],
            seen);
    }

    [Fact]
    public async Task Same_decisions_give_the_same_run_however_many_call()
    {
        var first = await RunAsync();
        var second = await RunAsync();

        Assert.Equal(first, second);
        Assert.Contains(first, total => total.Key == 429);
        Assert.Contains(first, total => total.Key == 502);
    }

    [Fact]
    public async Task Faults_end_when_they_are_taken_back()
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.Always(EmulatorEndpoint.JobSubmission, EmulatorFault.Status(500));
        Assert.Equal([500, 500], await StatusesAsync(caller, "a", "b"));

        caller.Emulator.Faults.Clear();

        Assert.Equal([200], await StatusesAsync(caller, "c"));
    }

    private static async Task<SortedDictionary<int, int>> RunAsync()
    {
        await using var caller = await Caller.StartAsync(Caller.Quick(options => options.KeepRequests = false));
        caller.Emulator.Faults.Decide = about => (int.Parse(about.Prompt!, System.Globalization.CultureInfo.InvariantCulture) % 10, about.Attempt) switch
        {
            (3, 1) => EmulatorFault.Status(429),
            (7, _) => EmulatorFault.ChargeThenStatus(502),
            _ => null,
        };
        var totals = new ConcurrentDictionary<int, int>();
        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (number, _) =>
        {
            for (var attempt = 0; attempt < 2; attempt++)
            {
                using var response = await caller.SubmitAsync(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
                totals.AddOrUpdate((int)response.StatusCode, 1, (_, count) => count + 1);
            }
        });
        return new SortedDictionary<int, int>(totals);
    }

    private static async Task<List<int>> StatusesAsync(Caller caller, params string[] prompts)
    {
        var statuses = new List<int>();
        foreach (var prompt in prompts)
        {
            using var response = await caller.SubmitAsync(prompt);
            statuses.Add((int)response.StatusCode);
        }

        return statuses;
    }
}
