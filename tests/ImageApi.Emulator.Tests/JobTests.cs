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
    public async Task Submission_response_matches_the_documented_contract()
    {
        await using var client = await EmulatorTestClient.StartAsync(EmulatorTestClient.CreateFastOptions(options => options.JobQueueDuration = TimeSpan.Zero));

        var job = await client.SubmitJsonAsync("a red fox");

        Assert.Equal(["id", "object", "status", "model", "created", "request_id"], job.EnumerateObject().Select(member => member.Name));
        Assert.StartsWith("job_", job.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("job", job.GetProperty("object").GetString());
        Assert.Equal("processing", job.GetProperty("status").GetString());
        Assert.Equal("gpt-image-2", job.GetProperty("model").GetString());
        Assert.StartsWith("req_", job.GetProperty("request_id").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_status_follows_the_TimeProvider()
    {
        var clock = new FakeTimeProvider();
        await using var client = await EmulatorTestClient.StartAsync(new EmulatorOptions
        {
            TimeProvider = clock,
            JobDuration = TimeSpan.FromSeconds(10),
            JobQueueDuration = TimeSpan.FromSeconds(3),
            JobPolls = 1,
        });
        var job = await client.SubmitJsonAsync("a red fox");
        var statuses = new List<string?> { job.GetProperty("status").GetString() };

        for (var second = 0; second < 10; second += 2)
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            statuses.Add((await client.GetJobAsync(job.GetProperty("id").GetString()!)).GetProperty("status").GetString());
        }

        Assert.Equal(["queued", "queued", "processing", "processing", "processing", "succeeded"], statuses);
    }

    [Fact]
    public async Task Job_completes_only_after_the_configured_number_of_polls()
    {
        await using var client = await EmulatorTestClient.StartAsync(new EmulatorOptions { JobDuration = TimeSpan.Zero, JobPolls = 3 });
        var id = (await client.SubmitJsonAsync("a red fox")).GetProperty("id").GetString()!;
        var statuses = new List<string?>();

        for (var poll = 0; poll < 4; poll++)
        {
            statuses.Add((await client.GetJobAsync(id)).GetProperty("status").GetString());
        }

        Assert.Equal(["processing", "processing", "succeeded", "succeeded"], statuses);
        Assert.Equal(4, client.Emulator.Ledger.PollsFor(id));
    }

    [Theory]
    [InlineData("16:9", 1376, 768)]
    [InlineData("1:1", 1024, 1024)]
    public async Task Aspect_ratio_determines_the_image_size(string ratio, int width, int height)
    {
        await using var client = await EmulatorTestClient.StartAsync();

        var output = await RunJobAsync(client, $$""","aspect_ratio":"{{ratio}}" """);

        Assert.Equal((width, height), PngChunks.ReadSize(await DownloadAsync(client, output, "images")));
    }

    [Fact]
    public async Task Job_returns_base64_when_requested()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        var output = await RunJobAsync(client, ""","size":"64x48","response_format":"b64_json","n":2""");

        Assert.Equal(2, output.GetProperty("images").GetArrayLength());
        Assert.Equal((64, 48), PngChunks.ReadSize(output.GetProperty("images")[1].GetProperty("b64_json").GetBytesFromBase64()));
        Assert.Equal("image/png", output.GetProperty("images")[1].GetProperty("mime_type").GetString());
    }

    [Fact]
    public async Task Video_job_returns_an_animated_PNG()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        var output = await RunJobAsync(client, ""","size":"1280x720" """, "example-video-1");

        Assert.Equal("image/apng", output.GetProperty("videos")[0].GetProperty("mime_type").GetString());
        var chunks = PngChunks.Read(await DownloadAsync(client, output, "videos"));
        var control = chunks.Single(chunk => chunk.Type == "acTL").Data;
        var frames = chunks.Count(chunk => chunk.Type == "fcTL");
        Assert.Equal(BinaryPrimitives.ReadInt32BigEndian(control), frames);
        Assert.True(frames > 10);
        Assert.True(chunks.FindIndex(chunk => chunk.Type == "acTL") < chunks.FindIndex(chunk => chunk.Type == "IDAT"));
        var sequence = chunks.Where(chunk => chunk.Type is "fcTL" or "fdAT").Select(chunk => BinaryPrimitives.ReadInt32BigEndian(chunk.Data));
        Assert.Equal(Enumerable.Range(0, chunks.Count(chunk => chunk.Type is "fcTL" or "fdAT")), sequence);
    }

    [Fact]
    public async Task Video_frames_differ()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        var chunks = PngChunks.Read(await DownloadAsync(client, await RunJobAsync(client, "", "example-video-1"), "videos"));
        var header = chunks[0];
        var starts = Enumerable.Range(0, chunks.Count).Where(index => chunks[index].Type == "fcTL").ToArray();
        var frames = new HashSet<string>();

        for (var frame = 0; frame < starts.Length; frame++)
        {
            var end = frame + 1 < starts.Length ? starts[frame + 1] : chunks.Count - 1;
            var data = chunks[(starts[frame] + 1)..end].Select(chunk => ("IDAT", chunk.Type == "fdAT" ? chunk.Data[4..] : chunk.Data));
            using var image = SKBitmap.Decode(PngChunks.Write([header, .. data, ("IEND", [])]));
            Assert.Equal((384, 384), (image.Width, image.Height));
            frames.Add(Convert.ToHexString(image.Bytes));
        }

        Assert.Equal(starts.Length, frames.Count);
    }

    [Theory]
    [InlineData("example-music-1")]
    [InlineData("example-speech-1")]
    public async Task Audio_job_returns_audible_WAV_data(string model)
    {
        await using var client = await EmulatorTestClient.StartAsync();

        var output = await RunJobAsync(client, "", model);

        Assert.Equal("audio/wav", output.GetProperty("audios")[0].GetProperty("mime_type").GetString());
        var wav = await DownloadAsync(client, output, "audios");
        Assert.Equal("RIFF", Encoding.ASCII.GetString(wav, 0, 4));
        Assert.Equal(wav.Length - 8, BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(4)));
        Assert.Equal(wav.Length - 44, BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(40)));
        var peak = Enumerable.Range(22, (wav.Length / 2) - 22).Max(sample => Math.Abs((int)BinaryPrimitives.ReadInt16LittleEndian(wav.AsSpan(sample * 2))));
        Assert.InRange(peak, 4000, 32000);
    }

    [Fact]
    public async Task Unknown_job_returns_404()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        using var response = await client.Http.GetAsync("v1/jobs/job_unknown");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("job_not_found", (await EmulatorTestClient.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("""{"model":"m"}""", "input")]
    [InlineData("""{"model":"m","input":[]}""", "input")]
    [InlineData("""{"model":"m","input":{}}""", "input.prompt")]
    [InlineData("""{"model":"m","input":{"prompt":"x","size":"1"}}""", "input.size")]
    [InlineData("""{"model":"m","input":{"prompt":"x","aspect_ratio":"wide"}}""", "input.aspect_ratio")]
    [InlineData("""{"input":{"prompt":"x"}}""", "model")]
    public async Task Invalid_submission_error_names_the_parameter(string body, string param)
    {
        await using var client = await EmulatorTestClient.StartAsync();

        using var response = await client.PostAsync("v1/jobs", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, (await EmulatorTestClient.ReadErrorAsync(response)).GetProperty("param").GetString());
    }

    [Fact]
    public async Task Job_returns_404_after_its_retention_period()
    {
        var clock = new FakeTimeProvider();
        await using var client = await EmulatorTestClient.StartAsync(EmulatorTestClient.CreateFastOptions(options =>
        {
            options.TimeProvider = clock;
            options.JobRetention = TimeSpan.FromHours(1);
        }));
        var id = (await client.SubmitJsonAsync("a red fox")).GetProperty("id").GetString()!;
        Assert.Equal("succeeded", (await client.GetJobAsync(id)).GetProperty("status").GetString());

        clock.Advance(TimeSpan.FromHours(2));

        using var response = await client.Http.GetAsync($"v1/jobs/{id}");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static async Task<System.Text.Json.JsonElement> RunJobAsync(EmulatorTestClient client, string extraJson, string model = "gpt-image-2")
    {
        var job = await client.SubmitJsonAsync("a red fox", extraJson, model);
        var completed = await client.GetJobAsync(job.GetProperty("id").GetString()!);
        Assert.Equal("succeeded", completed.GetProperty("status").GetString());
        return completed.GetProperty("output");
    }

    private static Task<byte[]> DownloadAsync(EmulatorTestClient client, System.Text.Json.JsonElement output, string listName)
        => client.Http.GetByteArrayAsync(output.GetProperty(listName)[0].GetProperty("url").GetString());
}
