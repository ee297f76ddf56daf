using System.Text.Json;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>Whatever was paid for comes through, in the best shape there is for it.</summary>
public sealed class ResponseTests
{
    private static readonly byte[] Bytes = [1, 2, 3];

    [Fact]
    public async Task The_raw_representation_is_what_the_library_gives()
    {
        var result = new ImageResult { Images = [new GeneratedMedia { Url = "https://example.com/fox.png" }] };

        var response = await Substitutes.Answering(result).GenerateImagesAsync("fox");

        Assert.Same(result, response.RawRepresentation);
        Assert.Same(result.Images[0], response.Contents[0].RawRepresentation);
    }

    [Theory]
    [InlineData("https://example.com/fox", "image/webp", null, "image/webp")]
    [InlineData("https://example.com/fox", null, "jpeg", "image/jpeg")]
    [InlineData("https://example.com/fox", null, "jpg", "image/jpeg")]
    [InlineData("https://example.com/fox.png", null, null, "image/png")]
    [InlineData("https://example.com/fox", null, null, "image/*")]
    [InlineData("https://example.com/fox", "image/webp; quality=1", null, "image/webp")]
    [InlineData("https://example.com/fox", "png", null, "image/*")]
    [InlineData("https://example.com/fox", "no type/at all", "webp", "image/webp")]
    [InlineData("https://example.com/fox", null, "no word", "image/*")]
    public async Task The_media_type_of_a_link_is_the_best_that_is_known(string url, string? mimeType, string? format, string expected)
    {
        var result = new ImageResult { Images = [new GeneratedMedia { Url = url, MimeType = mimeType }], OutputFormat = format is null ? null : new ImageOutputFormat(format) };

        var response = await Substitutes.Answering(result).GenerateImagesAsync("fox");

        Assert.Equal(expected, Assert.IsType<UriContent>(response.Contents[0]).MediaType);
    }

    [Theory]
    [InlineData("image/webp", "image/webp")]
    [InlineData(null, "image/*")]
    [InlineData("png", "image/*")]
    public async Task The_media_type_of_bytes_is_the_best_that_is_known(string? mimeType, string expected)
    {
        var content = Assert.IsType<DataContent>(await Substitutes.ContentOfAsync(new GeneratedMedia { Data = Bytes, MimeType = mimeType }));

        Assert.Equal(expected, content.MediaType);
        Assert.Equal(Bytes, content.Data.ToArray());
    }

    [Fact]
    public async Task Of_bytes_beside_a_link_the_bytes_come() =>
        Assert.IsType<DataContent>(await Substitutes.ContentOfAsync(new GeneratedMedia { Data = Bytes, Url = "https://example.com/fox.png" }));

    [Fact]
    public async Task Of_bytes_beside_a_link_the_link_comes_where_it_was_asked_for() => Assert.IsType<UriContent>(await Substitutes.ContentOfAsync(
        new GeneratedMedia { Data = Bytes, Url = "https://example.com/fox.png" }, ImageGenerationResponseFormat.Uri));

    [Fact]
    public async Task A_link_comes_where_data_were_asked_for_and_the_server_gave_none() => Assert.IsType<UriContent>(await Substitutes.ContentOfAsync(
        new GeneratedMedia { Url = "https://example.com/fox.png" }, ImageGenerationResponseFormat.Data));

    [Theory]
    [InlineData("data:image/svg+xml,%3Csvg/%3E", "image/svg+xml")]
    [InlineData("data:,fox", "image/*")]
    public async Task A_data_link_comes_as_data(string url, string mediaType) =>
        Assert.Equal(mediaType, Assert.IsType<DataContent>(await Substitutes.ContentOfAsync(new GeneratedMedia { Url = url })).MediaType);

    [Theory]
    [InlineData("data:nonsense")]
    [InlineData("data:image/png;base64,###")]
    [InlineData("https://[broken")]
    public async Task A_link_that_cannot_be_read_is_still_there(string url)
    {
        var media = new GeneratedMedia { Url = url };

        Assert.Same(media, (await Substitutes.ContentOfAsync(media)).RawRepresentation);
    }

    [Fact]
    public async Task One_that_failed_is_an_error_beside_the_others()
    {
        var result = new ImageResult
        {
            Images = [new GeneratedMedia { Url = "https://example.com/fox.png" }, new GeneratedMedia { Error = new GenerationError { Message = "too dark", Code = "dark", Type = "taste" } }],
        };

        var response = await Substitutes.Answering(result).GenerateImagesAsync("fox");

        var error = Assert.IsType<ErrorContent>(response.Contents[1]);
        Assert.Equal(("too dark", "dark", "taste"), (error.Message, error.ErrorCode, error.Details));
        Assert.IsType<UriContent>(response.Contents[0]);
    }

    [Fact]
    public async Task What_the_server_says_of_a_picture_is_told()
    {
        var expires = DateTimeOffset.UnixEpoch;
        var content = await Substitutes.ContentOfAsync(new GeneratedMedia
        {
            Url = "https://example.com/fox.png",
            RevisedPrompt = "a very red fox",
            Width = 640,
            Height = 480,
            ExpiresAt = expires,
            JobId = "job_1",
            AdditionalProperties = new Dictionary<string, JsonElement> { ["seed"] = JsonDocument.Parse("7").RootElement },
        });

        var told = content.AdditionalProperties!;
        Assert.Equal(
            ("a very red fox", 640, 480, expires, "job_1", 7),
            (told["revised_prompt"], told["width"], told["height"], told["expires_at"], told["job_id"], ((JsonElement)told["seed"]!).GetInt32()));
    }

    [Fact]
    public async Task All_that_a_job_made_comes()
    {
        var job = new Job
        {
            Id = "job_1",
            State = JobState.Succeeded,
            Output = new JobOutput
            {
                Images = [new GeneratedMedia { Kind = MediaKind.Image, Url = "https://example.com/a" }],
                Videos = [new GeneratedMedia { Kind = MediaKind.Video, Url = "https://example.com/b" }],
                Audios = [new GeneratedMedia { Kind = MediaKind.Audio, Data = Bytes }],
            },
        };

        var response = await Substitutes.Answering(job).GenerateImagesAsync("fox");

        Assert.Same(job, response.RawRepresentation);
        Assert.Equal(["image/*", "video/*", "audio/*"], response.Contents.Select(static content => content is UriContent link ? link.MediaType : ((DataContent)content).MediaType));
    }

    [Fact]
    public async Task A_job_without_media_in_known_places_is_not_lost()
    {
        var job = new Job { Id = "job_1", State = JobState.Succeeded };

        var response = await Substitutes.Answering(job).GenerateImagesAsync("fox");

        Assert.Empty(response.Contents);
        Assert.Same(job, response.RawRepresentation);
    }

    [Theory]
    [InlineData("""{ "input_tokens": 70, "output_tokens": 100, "total_tokens": 170, "input_tokens_details": { "text_tokens": 6, "image_tokens": 64 } }""", 70L, 64L)]
    [InlineData("""{ "input_tokens": 70, "input_tokens_details": "none" }""", 70L, null)]
    [InlineData("""{ "input_tokens": "seventy" }""", null, null)]
    public async Task The_usage_of_a_job_is_told_where_the_server_tells_it(string json, long? input, long? images)
    {
        var job = new Job { Id = "job_1", AdditionalProperties = new Dictionary<string, JsonElement> { ["usage"] = JsonDocument.Parse(json).RootElement } };

        var usage = (await Substitutes.Answering(job).GenerateImagesAsync("fox")).Usage!;

        Assert.Equal((input, images), (usage.InputTokenCount, usage.AdditionalCounts?["InputTokenDetails.ImageTokenCount"]));
    }

    [Fact]
    public async Task No_usage_is_told_where_the_server_tells_none() => Assert.Null((await Substitutes.Answering(new Job { Id = "job_1" }).GenerateImagesAsync("fox")).Usage);
}
