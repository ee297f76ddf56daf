using System.Collections.Concurrent;
using ImageApi.Emulator.Tests.Support;

namespace ImageApi.Emulator.Tests;

public sealed class FaultSelectionTests
{
    [Fact]
    public async Task Queued_faults_are_applied_in_order()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.Next(EmulatorEndpoint.JobSubmission, EmulatorFault.Status(500), null, EmulatorFault.Status(503));

        Assert.Equal([500, 200, 503, 200], await SubmitAllAsync(client, "a", "b", "c", "d"));
    }

    [Fact]
    public async Task Prompt_faults_count_attempts_per_prompt()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.For("#1", EmulatorEndpoint.JobSubmission, EmulatorFault.Status(429), EmulatorFault.Status(503));

        Assert.Equal([429, 200, 503, 200], await SubmitAllAsync(client, "a #1", "b", "a #1", "a #1"));
    }

    [Fact]
    public async Task Decide_callback_receives_the_request_details()
    {
        await using var client = await EmulatorTestClient.StartAsync(EmulatorTestClient.CreateFastOptions(options => options.DrawTinyImages = true));
        var observed = new ConcurrentQueue<string>();
        client.Emulator.Faults.Decide = context =>
        {
            observed.Enqueue($"{context.Endpoint} {context.Prompt} {context.Attempt} {context.JobId is not null} {context.Header("X-Mark")} {context.Header("Authorization")}");
            return null;
        };
        client.Http.DefaultRequestHeaders.Add("X-Mark", "m");

        await client.SubmitAsync("fox");
        var id = (await client.SubmitJsonAsync("fox")).GetProperty("id").GetString()!;
        await client.GetJobAsync(id);
        var completed = await client.GetJobAsync(id);
        await client.Http.GetByteArrayAsync(completed.GetProperty("output").GetProperty("images")[0].GetProperty("url").GetString());

        Assert.Equal(
            ["JobSubmission fox 1 False m ", "JobSubmission fox 2 False m ", "JobPoll fox 1 True m ", "JobPoll fox 2 True m ", "MediaDownload fox 1 True m "],
            observed);
    }

    [Fact]
    public async Task Same_decisions_give_the_same_totals_with_concurrent_requests()
    {
        var first = await RunAsync();
        var second = await RunAsync();

        Assert.Equal(first, second);
        Assert.Contains(first, total => total.Key == 429);
        Assert.Contains(first, total => total.Key == 502);
    }

    [Fact]
    public async Task Clear_removes_all_faults()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.Always(EmulatorEndpoint.JobSubmission, EmulatorFault.Status(500));
        Assert.Equal([500, 500], await SubmitAllAsync(client, "a", "b"));

        client.Emulator.Faults.Clear();

        Assert.Equal([200], await SubmitAllAsync(client, "c"));
    }

    private static async Task<SortedDictionary<int, int>> RunAsync()
    {
        await using var client = await EmulatorTestClient.StartAsync(EmulatorTestClient.CreateFastOptions(options => options.RecordRequests = false));
        client.Emulator.Faults.Decide = context => (int.Parse(context.Prompt!, System.Globalization.CultureInfo.InvariantCulture) % 10, context.Attempt) switch
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
                using var response = await client.SubmitAsync(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
                totals.AddOrUpdate((int)response.StatusCode, 1, (_, count) => count + 1);
            }
        });
        return new SortedDictionary<int, int>(totals);
    }

    private static async Task<List<int>> SubmitAllAsync(EmulatorTestClient client, params string[] prompts)
    {
        var statuses = new List<int>();
        foreach (var prompt in prompts)
        {
            using var response = await client.SubmitAsync(prompt);
            statuses.Add((int)response.StatusCode);
        }

        return statuses;
    }
}
