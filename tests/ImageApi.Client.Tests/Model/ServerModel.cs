using System.Globalization;
using ImageApi.Emulator;

namespace ImageApi.Client.Tests.Model;

/// <summary>
/// A client and a server that is given orders at random, and what must hold after every one of them: nothing is charged twice,
/// nothing that was charged is lost or called safe, and what has ended stays ended.
/// </summary>
internal sealed class ServerModel(ImageApiEmulator emulator, ImageApiClient client, RotatingApiKey apiKey, string directory)
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
    private readonly Dictionary<string, JobState> _finalStates = new(StringComparer.Ordinal);
    private readonly List<GeneratedMedia> _media = [];
    private readonly List<string> _prompts = [];

    /// <summary>Gets what was broken, in words.</summary>
    public List<string> Violations { get; } = [];

    public async Task ExecuteAsync(int command)
    {
        var operation = (int)((uint)command % 9);
        var detail = (int)((uint)command / 9);
        await (operation switch
        {
            0 or 1 => SendPaidRequestAsync(operation == 0, PaidFaults[detail % PaidFaults.Length]),
            2 => WithJobAsync(detail, id => client.Jobs.GetAsync(id)),
            3 => WithJobAsync(detail, id => client.Jobs.WaitAsync(id, ShortIntervals)),
            4 => DownloadAsync(detail),
            5 => UploadAsync(detail),
            6 => WithFaultAsync(EmulatorEndpoint.JobPoll, QueryFaults[detail % QueryFaults.Length], () => WithJobAsync(detail, id => client.Jobs.WaitAsync(id, ShortIntervals))),
            7 => RotateApiKey(),
            _ => WithFaultAsync(EmulatorEndpoint.MediaDownload, EmulatorFault.TruncateMedia(), () => DownloadAsync(detail)),
        });
        Violations.AddRange(_prompts.Where(prompt => emulator.Ledger.ChargesFor(prompt) > 1).Select(prompt => $"{prompt} was charged twice"));
    }

    private static JobWaitOptions ShortIntervals => new()
    {
        Timeout = TimeSpan.FromSeconds(20),
        FirstInterval = TimeSpan.FromMilliseconds(1),
        MaxInterval = TimeSpan.FromMilliseconds(2),
    };

    private async Task SendPaidRequestAsync(bool asJob, EmulatorFault? failure)
    {
        var prompt = "model-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        _prompts.Add(prompt);
        if (failure is not null)
        {
            emulator.Faults.For(prompt, asJob ? EmulatorEndpoint.JobSubmission : EmulatorEndpoint.Generation, failure);
        }

        // a server that took the request and stays silent is left by cancellation
        using var timeout = new CancellationTokenSource();
        if (failure?.Kind == EmulatorFaultKind.Stall)
        {
            timeout.CancelAfter(TimeSpan.FromMilliseconds(30));
        }

        try
        {
            if (asJob)
            {
                _jobs.Add((await client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = prompt } }, null, timeout.Token)).Id);
            }
            else
            {
                _media.AddRange((await client.Images.GenerateAsync(new ImageRequest { Prompt = prompt }, null, timeout.Token)).Images);
            }

            Check(emulator.Ledger.ChargesFor(prompt) == 1, $"{prompt} succeeded without a charge");
        }
        catch (ImageApiException e)
        {
            CheckOutcome(prompt, e.Outcome);
        }
        catch (ImageApiCanceledException e)
        {
            CheckOutcome(prompt, e.Outcome);
        }
    }

    private void CheckOutcome(string prompt, RequestOutcome outcome) => Check(
        emulator.Ledger.ChargesFor(prompt) == 0 || outcome is RequestOutcome.Unknown or RequestOutcome.Accepted,
        $"{prompt} was charged, and its error says {outcome}");

    private async Task WithJobAsync(int detail, Func<string, Task<Job>> query)
    {
        if (_jobs.Count == 0)
        {
            return;
        }

        var id = _jobs[detail % _jobs.Count];
        try
        {
            var job = await query(id);
            Check(job.Id == id, $"asked for {id} and got {job.Id}");
            Check(!_finalStates.TryGetValue(id, out var finalState) || finalState == job.State, $"{id} was {finalState} and is {job.State}");
            if (job.IsFinal)
            {
                _finalStates[id] = job.State;
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
        catch (ImageApiResponseException e)
        {
            Check(e.Outcome == RequestOutcome.Rejected, $"a refused upload says {e.Outcome}");
        }
    }

    private async Task WithFaultAsync(EmulatorEndpoint endpoint, EmulatorFault failure, Func<Task> act)
    {
        emulator.Faults.Next(endpoint, failure);
        await act();
    }

    private Task RotateApiKey()
    {
        apiKey.Rotate();
        return Task.CompletedTask;
    }

    private void Check(bool condition, string violation)
    {
        if (!condition)
        {
            Violations.Add(violation);
        }
    }
}
