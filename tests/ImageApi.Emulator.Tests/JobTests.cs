using System.Buffers.Binary;
using System.Net;
using System.Text;
using ImageApi.Emulator.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using SkiaSharp;

namespace ImageApi.Emulator.Tests;

public sealed class JobTests
{
    [Fact]
    public async Task Submission_answers_as_the_contract_shows()
    {
        await using var caller = await Caller.StartAsync(Caller.Quick(options => options.JobQueueDuration = TimeSpan.Zero));

        var job = await caller.SubmitJsonAsync("a red fox");

        Assert.Equal(["id", "object", "status", "model", "created", "request_id"], job.EnumerateObject().Select(member => member.Name));
        Assert.StartsWith("job_", job.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("job", job.GetProperty("object").GetString());
        Assert.Equal("processing", job.GetProperty("status").GetString());
        Assert.Equal("gpt-image-2", job.GetProperty("model").GetString());
        Assert.StartsWith("req_", job.GetProperty("request_id").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_goes_through_its_states_by_the_clock()
    {
        var clock = new FakeTimeProvider();
        await using var caller = await Caller.StartAsync(new EmulatorOptions
        {
            TimeProvider = clock,
            JobDuration = TimeSpan.FromSeconds(10),
            JobQueueDuration = TimeSpan.FromSeconds(3),
            JobPolls = 1,
        });
        var job = await caller.SubmitJsonAsync("a red fox");
        var states = new List<string?> { job.GetProperty("status").GetString() };

        for (var second = 0; second < 10; second += 2)
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            states.Add((await caller.QueryAsync(job.GetProperty("id").GetString()!)).GetProperty("status").GetString());
        }

        Assert.Equal(["queued", "queued", "processing", "processing", "processing", "succeeded"], states);
    }

    [Fact]
    public async Task Job_is_not_done_before_its_number_of_queries()
    {
        await using var caller = await Caller.StartAsync(new EmulatorOptions { JobDuration = TimeSpan.Zero, JobPolls = 3 });
        var id = (await caller.SubmitJsonAsync("a red fox")).GetProperty("id").GetString()!;
        var states = new List<string?>();

        for (var query = 0; query < 4; query++)
        {
            states.Add((await caller.QueryAsync(id)).GetProperty("status").GetString());
        }

        Assert.Equal(["processing", "processing", "succeeded", "succeeded"], states);
        Assert.Equal(4, caller.Emulator.Ledger.QueriesFor(id));
    }

    [Theory]
    [InlineData("16:9", 1376, 768)]
    [InlineData("1:1", 1024, 1024)]
    public async Task Aspect_ratio_chooses_the_size(string ratio, int width, int height)
    {
        await using var caller = await Caller.StartAsync();

        var output = await DoneAsync(caller, $$""","aspect_ratio":"{{ratio}}" """);

        Assert.Equal((width, height), PngChunks.Size(await DownloadAsync(caller, output, "images")));
    }

    [Fact]
    public async Task Job_can_answer_in_base64()
    {
        await using var caller = await Caller.StartAsync();

        var output = await DoneAsync(caller, ""","size":"64x48","response_format":"b64_json","n":2""");

        Assert.Equal(2, output.GetProperty("images").GetArrayLength());
        Assert.Equal((64, 48), PngChunks.Size(output.GetProperty("images")[1].GetProperty("b64_json").GetBytesFromBase64()));
        Assert.Equal("image/png", output.GetProperty("images")[1].GetProperty("mime_type").GetString());
    }

    [Fact]
    public async Task Video_job_answers_with_an_animated_png()
    {
        await using var caller = await Caller.StartAsync();

        var output = await DoneAsync(caller, ""","size":"1280x720" """, "example-video-1");

        Assert.Equal("image/apng", output.GetProperty("videos")[0].GetProperty("mime_type").GetString());
        var chunks = PngChunks.Read(await DownloadAsync(caller, output, "videos"));
        var control = chunks.Single(chunk => chunk.Type == "acTL").Data;
        var frames = chunks.Count(chunk => chunk.Type == "fcTL");
        Assert.Equal(BinaryPrimitives.ReadInt32BigEndian(control), frames);
        Assert.True(frames > 10);
        Assert.True(chunks.FindIndex(chunk => chunk.Type == "acTL") < chunks.FindIndex(chunk => chunk.Type == "IDAT"));
        var sequence = chunks.Where(chunk => chunk.Type is "fcTL" or "fdAT").Select(chunk => BinaryPrimitives.ReadInt32BigEndian(chunk.Data));
        Assert.Equal(Enumerable.Range(0, chunks.Count(chunk => chunk.Type is "fcTL" or "fdAT")), sequence);
    }

    [Fact]
    public async Task Video_moves()
    {
        await using var caller = await Caller.StartAsync();
        var chunks = PngChunks.Read(await DownloadAsync(caller, await DoneAsync(caller, "", "example-video-1"), "videos"));
        var header = chunks[0];
        var starts = Enumerable.Range(0, chunks.Count).Where(index => chunks[index].Type == "fcTL").ToArray();
        var frames = new HashSet<string>();

        for (var frame = 0; frame < starts.Length; frame++)
        {
            var end = frame + 1 < starts.Length ? starts[frame + 1] : chunks.Count - 1;
            var data = chunks[(starts[frame] + 1)..end].Select(chunk => ("IDAT", chunk.Type == "fdAT" ? chunk.Data[4..] : chunk.Data));
            using var picture = SKBitmap.Decode(PngChunks.Write([header, .. data, ("IEND", [])]));
            Assert.Equal((384, 384), (picture.Width, picture.Height));
            frames.Add(Convert.ToHexString(picture.Bytes));
        }

        Assert.Equal(starts.Length, frames.Count);
    }

    [Theory]
    [InlineData("example-music-1")]
    [InlineData("example-speech-1")]
    public async Task Audio_job_answers_with_sound(string model)
    {
        await using var caller = await Caller.StartAsync();

        var output = await DoneAsync(caller, "", model);

        Assert.Equal("audio/wav", output.GetProperty("audios")[0].GetProperty("mime_type").GetString());
        var wav = await DownloadAsync(caller, output, "audios");
        Assert.Equal("RIFF", Encoding.ASCII.GetString(wav, 0, 4));
        Assert.Equal(wav.Length - 8, BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(4)));
        Assert.Equal(wav.Length - 44, BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(40)));
        var loudest = Enumerable.Range(22, (wav.Length / 2) - 22).Max(sample => Math.Abs((int)BinaryPrimitives.ReadInt16LittleEndian(wav.AsSpan(sample * 2))));
        Assert.InRange(loudest, 4000, 32000);
    }

    [Fact]
    public async Task Unknown_job_is_not_found()
    {
        await using var caller = await Caller.StartAsync();

        using var response = await caller.Http.GetAsync("v1/jobs/job_unknown");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("job_not_found", (await Caller.ErrorAsync(response)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("""{"model":"m"}""", "input")]
    [InlineData("""{"model":"m","input":[]}""", "input")]
    [InlineData("""{"model":"m","input":{}}""", "input.prompt")]
    [InlineData("""{"model":"m","input":{"prompt":"x","size":"1"}}""", "input.size")]
    [InlineData("""{"model":"m","input":{"prompt":"x","aspect_ratio":"wide"}}""", "input.aspect_ratio")]
    [InlineData("""{"input":{"prompt":"x"}}""", "model")]
    public async Task Wrong_submission_names_the_member(string body, string param)
    {
        await using var caller = await Caller.StartAsync();

        using var response = await caller.PostAsync("v1/jobs", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, (await Caller.ErrorAsync(response)).GetProperty("param").GetString());
    }

    [Fact]
    public async Task Job_is_forgotten_after_its_retention()
    {
        var clock = new FakeTimeProvider();
        await using var caller = await Caller.StartAsync(Caller.Quick(options =>
        {
            options.TimeProvider = clock;
            options.JobRetention = TimeSpan.FromHours(1);
        }));
        var id = (await caller.SubmitJsonAsync("a red fox")).GetProperty("id").GetString()!;
        Assert.Equal("succeeded", (await caller.QueryAsync(id)).GetProperty("status").GetString());

        clock.Advance(TimeSpan.FromHours(2));

        using var response = await caller.Http.GetAsync($"v1/jobs/{id}");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static async Task<System.Text.Json.JsonElement> DoneAsync(Caller caller, string more, string model = "gpt-image-2")
    {
        var job = await caller.SubmitJsonAsync("a red fox", more, model);
        var done = await caller.QueryAsync(job.GetProperty("id").GetString()!);
        Assert.Equal("succeeded", done.GetProperty("status").GetString());
        return done.GetProperty("output");
    }

    private static Task<byte[]> DownloadAsync(Caller caller, System.Text.Json.JsonElement output, string list)
        => caller.Http.GetByteArrayAsync(output.GetProperty(list)[0].GetProperty("url").GetString());
}
