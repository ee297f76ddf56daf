using System.Globalization;
using ImageApi.Emulator;

namespace ImageApi.Client.Tests.Model;

/// <summary>
/// A client and a server that is given orders at random, and what must hold after every one of them: nothing is charged twice,
/// nothing that was charged is lost or called safe, and what has ended stays ended.
/// </summary>
internal sealed class ServerModel(ImageApiEmulator emulator, ImageApiClient client, KeyRing keys, string directory)
{
    private static readonly EmulatorFault?[] PaidFaults =
    [
        null,
        EmulatorFault.Status(429, "rate_limit_exceeded", retryAfter: TimeSpan.Zero),
        EmulatorFault.Status(429, "insufficient_quota"),
        EmulatorFault.Status(400),
        EmulatorFault.Status(503),
        EmulatorFault.Abort(),
        EmulatorFault.ChargeThenAbort(),
        EmulatorFault.ChargeThenStatus(502),
        EmulatorFault.ChargeThenStatus(500),
        EmulatorFault.ChargeThenTruncate(),
        EmulatorFault.ChargeThenStall(),
    ];

    private static readonly EmulatorFault[] QueryFaults =
        [EmulatorFault.Abort(), EmulatorFault.Status(500), EmulatorFault.Status(404), EmulatorFault.ChargeThenTruncate(), EmulatorFault.JobIdMismatch()];

    private readonly List<string> _jobs = [];
    private readonly Dictionary<string, JobState> _ended = new(StringComparer.Ordinal);
    private readonly List<GeneratedMedia> _media = [];
    private readonly List<string> _prompts = [];

    /// <summary>Gets what was broken, in words.</summary>
    public List<string> Broken { get; } = [];

    public async Task DoAsync(int order)
    {
        var choice = (int)((uint)order % 9);
        var detail = (int)((uint)order / 9);
        await (choice switch
        {
            0 or 1 => BuyAsync(choice == 0, PaidFaults[detail % PaidFaults.Length]),
            2 => WithJobAsync(detail, id => client.Jobs.GetAsync(id)),
            3 => WithJobAsync(detail, id => client.Jobs.WaitAsync(id, Quick)),
            4 => DownloadAsync(detail),
            5 => UploadAsync(detail),
            6 => WithFaultAsync(EmulatorEndpoint.JobQuery, QueryFaults[detail % QueryFaults.Length], () => WithJobAsync(detail, id => client.Jobs.WaitAsync(id, Quick))),
            7 => RotateKey(),
            _ => WithFaultAsync(EmulatorEndpoint.MediaDownload, EmulatorFault.TruncateMedia(), () => DownloadAsync(detail)),
        });
        Broken.AddRange(_prompts.Where(prompt => emulator.Ledger.ChargesFor(prompt) > 1).Select(prompt => $"{prompt} was charged twice"));
    }

    private static JobWaitOptions Quick => new()
    {
        Timeout = TimeSpan.FromSeconds(20),
        FirstInterval = TimeSpan.FromMilliseconds(1),
        MaxInterval = TimeSpan.FromMilliseconds(2),
    };

    private async Task BuyAsync(bool asJob, EmulatorFault? fault)
    {
        var prompt = "model-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        _prompts.Add(prompt);
        if (fault is not null)
        {
            emulator.Faults.For(prompt, asJob ? EmulatorEndpoint.JobSubmission : EmulatorEndpoint.Generation, fault);
        }

        // a server that took the request and stays silent is left by cancellation
        using var patience = new CancellationTokenSource();
        if (fault?.Kind == EmulatorFaultKind.Stall)
        {
            patience.CancelAfter(TimeSpan.FromMilliseconds(30));
        }

        try
        {
            if (asJob)
            {
                _jobs.Add((await client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = prompt } }, null, patience.Token)).Id);
            }
            else
            {
                _media.AddRange((await client.Images.GenerateAsync(new ImageRequest { Prompt = prompt }, null, patience.Token)).Images);
            }

            Check(emulator.Ledger.ChargesFor(prompt) == 1, $"{prompt} succeeded without a charge");
        }
        catch (ImageApiException e)
        {
            CheckSafety(prompt, e.Outcome);
        }
        catch (ImageApiCanceledException e)
        {
            CheckSafety(prompt, e.Outcome);
        }
    }

    private void CheckSafety(string prompt, RequestOutcome outcome) => Check(
        emulator.Ledger.ChargesFor(prompt) == 0 || outcome is RequestOutcome.Unknown or RequestOutcome.Accepted,
        $"{prompt} was charged, and its error says {outcome}");

    private async Task WithJobAsync(int detail, Func<string, Task<Job>> ask)
    {
        if (_jobs.Count == 0)
        {
            return;
        }

        var id = _jobs[detail % _jobs.Count];
        try
        {
            var job = await ask(id);
            Check(job.Id == id, $"asked for {id} and got {job.Id}");
            Check(!_ended.TryGetValue(id, out var ended) || ended == job.State, $"{id} was {ended} and is {job.State}");
            if (job.IsFinal)
            {
                _ended[id] = job.State;
                _media.AddRange(job.Output.Images);
            }
        }
        catch (ImageApiException e)
        {
            Check(e.JobId == id, $"the error for {id} names {e.JobId}");
            Check(e.Outcome is RequestOutcome.Accepted || e is JobNotFoundException || e.StatusCode == System.Net.HttpStatusCode.Unauthorized, $"the error for {id} says {e.Outcome}");
        }
    }

    private async Task DownloadAsync(int detail)
    {
        if (_media.Count == 0)
        {
            return;
        }

        var path = Path.Combine(directory, $"{Guid.NewGuid():N}.png");
        try
        {
            await client.Media.SaveAsync(_media[detail % _media.Count], path);
            Check(new FileInfo(path).Length > 0, $"{path} is empty");
        }
        catch (ImageApiException e)
        {
            Check(!File.Exists(path), $"{path} appeared without being whole");
            Check(e.Outcome == RequestOutcome.Accepted, $"a failed download of what was bought says {e.Outcome}");
        }
    }

    private async Task UploadAsync(int detail)
    {
        try
        {
            var file = await client.Files.UploadAsync(FileUpload.FromBytes(new byte[1 + (detail % 1000)], "model.bin", "application/octet-stream"));
            Check(file.Url is not null, "an upload without a link");
        }
        catch (ImageApiErrorException e)
        {
            Check(e.Outcome == RequestOutcome.Rejected, $"a refused upload says {e.Outcome}");
        }
    }

    private async Task WithFaultAsync(EmulatorEndpoint endpoint, EmulatorFault fault, Func<Task> act)
    {
        emulator.Faults.Next(endpoint, fault);
        await act();
    }

    private Task RotateKey()
    {
        keys.Rotate();
        return Task.CompletedTask;
    }

    private void Check(bool holds, string broken)
    {
        if (!holds)
        {
            Broken.Add(broken);
        }
    }
}
