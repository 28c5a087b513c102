-- Everything is found by key, so the planner needs to know sizes, not distributions. A tenth of the sample is a tenth of
-- what ANALYZE costs while tables grow, which at thousands of documents a second is felt by all who wait.
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_statistics_target = 10', current_database()); END $$;
